// Hides the operations that lack one of the words, and the features that have none left.
const words = document.getElementById("words");
const hits = document.getElementById("hits");
const features = [...document.querySelectorAll(".feature")].map((section) => ({
  section,
  link: document.querySelector(`nav a[href="#${section.id}"]`).parentElement,
  operations: [...section.querySelectorAll(".operation")].map((article) => ({
    article,
    text: `${section.querySelector("h2").textContent} ${article.textContent}`.toLowerCase(),
  })),
}));
const others = document.querySelectorAll("#introduction, #errors, #shapes");

function search() {
  const terms = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { section, link, operations } of features) {
    let here = 0;
    for (const { article, text } of operations) {
      article.hidden = !terms.every((word) => text.includes(word));
      here += !article.hidden;
    }
    section.hidden = link.hidden = !here;
    count += here;
  }
  for (const section of others) section.hidden = terms.length > 0;
  hits.textContent = terms.length ? `${count} ${count === 1 ? "operation" : "operations"}` : "";
}

// A link leads to its target, also where the search has hidden it.
function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  words.value = "";
  search();
  target.scrollIntoView();
}

words.addEventListener("input", search);
window.addEventListener("hashchange", reveal);
document.getElementById("search").hidden = false;
search();
