// All texts of the page in German, by the English ones as they stand where they are said.
export const GERMAN = {
  "Sign in": "Anmelden",
  "Sign out": "Abmelden",
  "E-mail": "E-Mail",
  "Password": "Passwort",
  "Play": "Abspielen",
  "Pause": "Anhalten",
  "Mute": "Ton aus",
  "Unmute": "Ton an",
  "Full screen": "Vollbild",
  "Position": "Stelle",
  "{at} of {length}": "{at} von {length}",
  "Quality": "Qualität",
  "Audio": "Ton",
  "Subtitles": "Untertitel",
  "Auto": "Automatisch",
  "Off": "Aus",
  "Track {number}": "Spur {number}",
  "See how far it is": "Sehen, wie weit es ist",
  "More to watch": "Mehr zum Ansehen",
  "There is nothing to watch yet.": "Noch gibt es nichts anzusehen.",
  "Failed": "Fehlgeschlagen",
  "Waiting": "Wartet",
  "Draft": "Entwurf",
  "Loading …": "Wird geladen …",
  "The next part is being made …": "Der nächste Teil entsteht gerade …",
  "There is no such title (any more).": "Dieses Video gibt es nicht (mehr).",
  "This title was not finished: making it failed, or it was removed.":
    "Dieses Video wurde nicht fertig: Die Verarbeitung ist fehlgeschlagen, oder es wurde entfernt.",
  "This title could not be made.": "Dieses Video konnte nicht verarbeitet werden.",
  "This title cannot be played right now.": "Dieses Video kann gerade nicht abgespielt werden.",
  "The connection was lost.": "Die Verbindung ist abgebrochen.",
  "Press play to try again.": "„Abspielen“ versucht es noch einmal.",
  "{percent} % done.": "{percent} % fertig.",
  "{percent} % done, about {time} left.": "{percent} % fertig, noch etwa {time}.",
  "The player could not be loaded.": "Der Player konnte nicht geladen werden.",
  "The server cannot be reached. Please try again.":
    "Der Server ist nicht erreichbar. Bitte versuche es noch einmal.",
  "Confirm your new address": "Bestätige deine neue Adresse",
  "From then on you sign in with the new address.":
    "Danach meldest du dich mit der neuen Adresse an.",
  "This link is not complete. Copy all of it from the mail.":
    "Dieser Link ist nicht vollständig. Kopiere ihn ganz aus der E-Mail.",
  "Confirm": "Bestätigen",
  "Close": "Schließen",
  "Something went wrong. Please try again.":
    "Etwas ist schiefgegangen. Bitte versuche es noch einmal."
};
