"""German translations of all messages, by the English text or the template of a `Text`.

A test compares the keys with the messages in the code.
"""

from collections.abc import Mapping

_ACCOUNTS = {
    "Only administrators may do this.": "Das dürfen nur Administratoren.",
    "Ask another administrator to change your own account.": (
        "Das eigene Konto kann nur ein anderer Administrator ändern."
    ),
    "This link is not valid. It may have been used already, or be too old.": (
        "Dieser Link ist nicht gültig. Vielleicht wurde er schon benutzt oder ist zu alt."
    ),
    "Enter a valid e-mail address.": "Bitte eine gültige E-Mail-Adresse angeben.",
    "Use at least {least} characters.": "Bitte mindestens {least} Zeichen verwenden.",
    "This password is too common.": "Dieses Passwort ist zu verbreitet.",
    "This password is too easy to guess.": "Dieses Passwort ist zu leicht zu erraten.",
    "Do not use digits only.": "Bitte nicht nur Ziffern verwenden.",
    "Use more than one character.": "Bitte mehr als ein einziges Zeichen verwenden.",
    "Use something other than your e-mail address.": (
        "Bitte etwas anderes als die eigene E-Mail-Adresse verwenden."
    ),
    "This is not your password.": "Das ist nicht dein Passwort.",
    "This session is over. Please sign in.": "Diese Sitzung ist beendet. Bitte melde dich an.",
    "There is no such session.": "Diese Sitzung gibt es nicht.",
    "This session is being renewed elsewhere. Please try again.": (
        "Diese Sitzung wird gerade an anderer Stelle erneuert. Bitte versuche es noch einmal."
    ),
    "This session was renewed elsewhere.": "Diese Sitzung wurde an anderer Stelle erneuert.",
    "Unable to sign in with these credentials.": "Mit diesen Daten ist keine Anmeldung möglich.",
    "Too many attempts. Please wait a little and try again.": (
        "Zu viele Versuche. Bitte warte ein wenig und versuche es dann noch einmal."
    ),
    "There is no such account.": "Dieses Konto gibt es nicht.",
    "This e-mail address is in use.": "Diese E-Mail-Adresse wird schon verwendet.",
    "This account was changed meanwhile.": "Dieses Konto wurde inzwischen geändert.",
    "This account was changed meanwhile. Please try again.": (
        "Dieses Konto wurde inzwischen geändert. Bitte versuche es noch einmal."
    ),
    "Please sign in.": "Bitte melde dich an.",
    "This token is not valid, or no longer.": "Dieses Token ist nicht oder nicht mehr gültig.",
    "This page may not do that.": "Das darf diese Seite nicht.",
    "The CSRF token is missing or wrong.": "Das CSRF-Token fehlt oder ist falsch.",
    "The passwords do not match.": "Die Passwörter stimmen nicht überein.",
    "An email has been sent to reset your password.": (
        "Wir haben eine E-Mail geschickt, mit der du dein Passwort zurücksetzen kannst."
    ),
    "Your Password has been successfully reset.": "Dein Passwort wurde zurückgesetzt.",
    "Your password has been changed.": "Dein Passwort wurde geändert.",
    "Your account has been deleted.": "Dein Konto wurde gelöscht.",
    "Account successfully activated.": "Das Konto wurde aktiviert.",
    "Login successful": "Anmeldung erfolgreich",
    "Token refreshed": "Token erneuert",
    "Logout successful! All tokens will be deleted. Refresh token is now invalid.": (
        "Abmeldung erfolgreich! Alle Token werden gelöscht. Das Refresh-Token ist nun ungültig."
    ),
    "All other sessions have ended.": "Alle anderen Sitzungen wurden beendet.",
    "The session has ended.": "Die Sitzung wurde beendet.",
}

_CATALOGUE = {
    "There is no such video.": "Dieses Video gibt es nicht.",
    "There is no such category.": "Diese Kategorie gibt es nicht.",
    "There is a category of this name already.": "Es gibt schon eine Kategorie mit diesem Namen.",
    'This is an earlier name of the category "{name}" and still leads to it. '
    "Please choose another one.": (
        "So hieß früher die Kategorie „{name}“, zu der dieser Name weiter führt. "
        "Bitte wähle einen anderen."
    ),
    "This category was changed meanwhile. Please try again.": (
        "Diese Kategorie wurde inzwischen geändert. Bitte versuche es noch einmal."
    ),
    "A category can have {most} names over time.": (
        "Eine Kategorie kann im Laufe der Zeit {most} Namen haben."
    ),
    "There is no such page.": "Diese Seite gibt es nicht.",
    "Send this or a page, not both.": "Bitte entweder dieses Feld oder eine Seite angeben.",
    "These titles are long: ask for fewer at once.": (
        "Diese Einträge sind lang: Bitte weniger auf einmal anfordern."
    ),
    "Take this from the header Link of a list.": (
        "Dieser Wert steht in der Kopfzeile Link einer Liste."
    ),
    "The catalogue is not available right now.": "Der Katalog ist gerade nicht erreichbar.",
    "This id is in use.": "Diese ID ist schon vergeben.",
    "This field needs a letter or a digit.": (
        "Dieses Feld braucht mindestens einen Buchstaben oder eine Ziffer."
    ),
    "Enter a web address that starts with https:// or http://.": (
        "Bitte eine Internetadresse angeben, die mit https:// oder http:// beginnt."
    ),
    "The media of this title are made elsewhere, or no longer wanted.": (
        "Dieses Video wird an anderer Stelle verarbeitet oder nicht mehr gebraucht."
    ),
    "The category has been deleted.": "Die Kategorie wurde gelöscht.",
    "The video has been deleted.": "Das Video wurde gelöscht.",
    "This title cannot be played.": "Dieses Video kann nicht abgespielt werden.",
    "This title cannot be played yet.": "Dieses Video kann noch nicht abgespielt werden.",
    "This title cannot be played any more.": "Dieses Video kann nicht mehr abgespielt werden.",
    "There is nothing to play here.": "Hier gibt es nichts abzuspielen.",
    "Segments have no address here: index.m3u8 lists where they are.": (
        "Segmente haben hier keine Adresse: Wo sie sind, steht in index.m3u8."
    ),
    "This address is not valid, or no longer. Please open the title.": (
        "Diese Adresse ist nicht oder nicht mehr gültig. Bitte öffne das Video noch einmal."
    ),
}

_UPLOADS = {
    "There is no such upload.": "Diesen Upload gibt es nicht.",
    "This upload is complete.": "Dieser Upload ist vollständig.",
    "This upload was ended.": "Dieser Upload wurde beendet.",
    "The upload was ended.": "Der Upload wurde beendet.",
    "Ask for 1 to {most} parts at once.": "Bitte 1 bis {most} Teile auf einmal anfordern.",
    "Parts are 1 to {last}.": "Es gibt die Teile 1 bis {last}.",
    "Subtitles are .srt or .vtt files.": "Untertitel sind Dateien mit der Endung .srt oder .vtt.",
    "A language is a code such as en or pt-BR.": "Eine Sprache ist ein Kürzel wie de oder pt-BR.",
    "Subtitles have at most {most} MB.": "Untertitel haben höchstens {most} MB.",
    "A file may have at most {most} MB.": "Eine Datei darf höchstens {most} MB haben.",
    "These parts are missing or cut short: {numbers}.": (
        "Diese Teile fehlen oder sind unvollständig: {numbers}."
    ),
    "Finish or abort your other uploads first.": (
        "Bitte beende zuerst deine anderen Uploads oder brich sie ab."
    ),
    "This file is being looked at.": "Diese Datei wird gerade geprüft.",
    "The title of this file is being deleted.": "Das Video zu dieser Datei wird gerade gelöscht.",
}

_ENCODING = {
    "There is no such encode.": "Diese Verarbeitung gibt es nicht.",
    "Nobody waits for this any more.": "Darauf wartet niemand mehr.",
    "It is over already.": "Es ist schon beendet.",
    "Only what has failed is tried again.": (
        "Noch einmal versucht wird nur, was fehlgeschlagen ist."
    ),
    "This title is gone, or made anew.": "Dieses Video gibt es nicht mehr, oder es entsteht neu.",
    "Nothing was checked yet.": "Noch wurde nichts geprüft.",
    "There is nothing left to cancel.": "Es gibt nichts mehr abzubrechen.",
    "Encoding was cancelled.": "Die Verarbeitung wurde abgebrochen.",
    "Encoding goes on.": "Die Verarbeitung geht weiter.",
    "The damage is accepted.": "Der Schaden ist akzeptiert.",
    "This revision does not wait for a decision about its damage.": (
        "Für diese Fassung ist keine Entscheidung über einen Schaden offen."
    ),
    "Its damage is not what it was. Please look at it again.": (
        "Der Schaden ist nicht mehr derselbe. Bitte sieh ihn dir noch einmal an."
    ),
    "Waiting for the upload.": "Wartet auf den Upload.",
    "Waiting for a free transcoder.": "Wartet auf einen freien Transcoder.",
    "Looking at the file.": "Die Datei wird geprüft.",
    "Encoding: {done} of {planned} parts are done.": (
        "Verarbeitung: {done} von {planned} Teilen sind fertig."
    ),
    "Checking the result before it is shown.": "Das Ergebnis wird geprüft, bevor es gezeigt wird.",
    "Ready to watch.": "Bereit zum Ansehen.",
    "It is being tried again.": "Es wird noch einmal versucht.",
    "It is slower than it was at first: other videos may be in work too.": (
        "Es geht langsamer als am Anfang: Vielleicht sind auch andere Videos in Arbeit."
    ),
    "It takes longer than expected: transcoders may be busy, or starting again.": (
        "Es dauert länger als erwartet: Vielleicht sind Transcoder beschäftigt oder starten neu."
    ),
    "The file is empty.": "Die Datei ist leer.",
    "This file is not a video.": "Diese Datei ist kein Video.",
    "This file holds sound, but no moving picture.": (
        "Diese Datei enthält Ton, aber kein bewegtes Bild."
    ),
    "The file says it holds a video, but there is no picture in it.": (
        "Die Datei gibt sich als Video aus, enthält aber kein Bild."
    ),
    "The file is damaged or incomplete. Please upload it again.": (
        "Die Datei ist beschädigt oder unvollständig. Bitte lade sie noch einmal hoch."
    ),
    "Too much of the video cannot be read.": "Zu viel vom Video ist nicht lesbar.",
    # Of refusals by earlier versions.
    "Too much of the picture cannot be read.": "Zu viel vom Bild ist nicht lesbar.",
    "The picture is stored in a way we cannot read.": (
        "Das Bild ist in einer Form gespeichert, die wir nicht lesen können."
    ),
    "There is no video in this file that we can read: please convert it to MP4, MKV or WebM.": (
        "In dieser Datei ist kein Video, das wir lesen können: "
        "Bitte wandle sie in MP4, MKV oder WebM um."
    ),
    "It is a still picture.": "Es ist ein Standbild.",
    "It is an animated WebP.": "Es ist ein animiertes WebP.",
    "It is a playlist: please upload the videos it names.": (
        "Es ist eine Wiedergabeliste: Bitte lade die Videos hoch, die sie nennt."
    ),
    "It is an archive: please upload the video that is in it.": (
        "Es ist ein Archiv: Bitte lade das Video hoch, das darin ist."
    ),
    "It is a document.": "Es ist ein Dokument.",
    "It is RealMedia.": "Es ist RealMedia.",
    "It is a recording of Windows TV.": "Es ist eine Aufnahme von Windows TV.",
    "It is Flash.": "Es ist Flash.",
    "It is Bink.": "Es ist Bink.",
    "It is Smacker.": "Es ist Smacker.",
    "Its header unpacks to more than is read.": ("Ihr Kopf ist entpackt größer, als gelesen wird."),
    "Its edit list pauses in the middle: please export the video without edits.": (
        "Ihre Schnittliste macht in der Mitte eine Pause: Bitte exportiere das Video ohne Schnitte."
    ),
    "Its edit list ends with a pause: please export the video without edits.": (
        "Ihre Schnittliste endet mit einer Pause: Bitte exportiere das Video ohne Schnitte."
    ),
    "The video is encrypted. Please upload it without copy protection.": (
        "Das Video ist verschlüsselt. Bitte lade es ohne Kopierschutz hoch."
    ),
    "The video is longer than this site allows.": "Das Video ist länger, als hier erlaubt ist.",
    "The file is larger than this site allows.": "Die Datei ist größer, als hier erlaubt ist.",
    "The picture is larger than this site allows.": "Das Bild ist größer, als hier erlaubt ist.",
    "The file holds more tracks than this site allows.": (
        "Die Datei enthält mehr Spuren, als hier erlaubt sind."
    ),
    "Encoding this video would cost more than this site allows.": (
        "Die Verarbeitung dieses Videos würde mehr kosten, als hier erlaubt ist."
    ),
    "The uploaded file is no longer there. Please upload it again.": (
        "Die hochgeladene Datei ist nicht mehr da. Bitte lade sie noch einmal hoch."
    ),
    "Encoding took longer than it is allowed to.": (
        "Die Verarbeitung hat länger gedauert, als sie darf."
    ),
    "Encoding needs more memory than it is allowed to take.": (
        "Die Verarbeitung braucht mehr Arbeitsspeicher, als sie belegen darf."
    ),
    "Encoding needs more disk space than it is allowed to take.": (
        "Die Verarbeitung braucht mehr Speicherplatz, als sie belegen darf."
    ),
    "No transcoder was free in time. Please try again.": (
        "Es war nicht rechtzeitig ein Transcoder frei. Bitte versuche es noch einmal."
    ),
    "The transcoder broke down over this file several times.": (
        "Der Transcoder ist an dieser Datei mehrmals gescheitert."
    ),
    "The result did not pass its own checks and was not published.": (
        "Das Ergebnis hat seine eigenen Prüfungen nicht bestanden und wurde nicht veröffentlicht."
    ),
    "It would take {} GiB; {} are there.": "Es wären {} GiB; {} sind da.",
    "It holds more pictures than are counted.": "Sie enthält mehr Bilder, als gezählt werden.",
    "Its clock is wrong in too many places.": "Ihre Uhr stimmt an zu vielen Stellen nicht.",
    "Its clock jumps backwards.": "Ihre Uhr springt zurück.",
    "Only {}% of its pictures can be read.": "Nur {} % der Bilder sind lesbar.",
    "Only {}% of its sound can be read.": "Nur {} % des Tons sind lesbar.",
    "Only {}% of its pictures and {}% of its sound can be read.": (
        "Nur {} % der Bilder und {} % des Tons sind lesbar."
    ),
    # Of refusals by earlier versions.
    "Only {}% of it can be read.": "Nur {} % davon sind lesbar.",
    "It would take about {} minutes of one core, or {} dollars.": (
        "Das wären etwa {} Minuten eines Prozessorkerns, oder {} Dollar."
    ),
}

_REQUESTS = {
    "There is nothing at this address.": "Unter dieser Adresse gibt es nichts.",
    "This address cannot be called that way.": "Diese Adresse kann so nicht aufgerufen werden.",
    "Something went wrong on our side. Please try again.": (
        "Bei uns ist etwas schiefgegangen. Bitte versuche es noch einmal."
    ),
    "The service is busy. Please try again.": (
        "Der Dienst ist gerade ausgelastet. Bitte versuche es noch einmal."
    ),
    "The service is not available right now.": "Der Dienst ist gerade nicht erreichbar.",
    "Send at most {most} kB.": "Bitte höchstens {most} kB senden.",
    "Send at most {most} characters.": "Bitte höchstens {most} Zeichen senden.",
    "Send JSON with the content type application/json, or a form that is URL-encoded.": (
        "Bitte JSON mit dem Content-Type application/json senden, oder ein URL-kodiertes Formular."
    ),
    "This is not valid JSON.": "Das ist kein gültiges JSON.",
    "This is not a valid form.": "Das ist kein gültiges Formular.",
    "Send a JSON object.": "Bitte ein JSON-Objekt senden.",
    "Send an object of objects.": "Bitte ein Objekt aus Objekten senden.",
    "Send a whole number from 1 to {most}.": "Bitte eine ganze Zahl von 1 bis {most} senden.",
    "Send a list of 1 to {most} numbers.": "Bitte eine Liste von 1 bis {most} Zahlen senden.",
    "There is no such field.": "Dieses Feld gibt es nicht.",
    "This field is required.": "Dieses Feld ist erforderlich.",
    "This field may not be null.": "Dieses Feld darf nicht null sein.",
    "This field may not be blank.": "Dieses Feld darf nicht leer sein.",
    "Must be a valid boolean.": "Hier muss true oder false stehen.",
    "A valid integer is required.": "Hier muss eine ganze Zahl stehen.",
    "A valid number is required.": "Hier muss eine Zahl stehen.",
    "Must be from {least} to {most}.": "Erlaubt ist {least} bis {most}.",
    "Must be one of: {options}.": "Erlaubt sind: {options}.",
    "Not a valid string.": "Das ist kein gültiger Text.",
    "Null characters are not allowed.": "Nullzeichen sind nicht erlaubt.",
    "Ensure this field has no more than {most} characters.": (
        "Dieses Feld darf höchstens {most} Zeichen haben."
    ),
    "Ensure this field has no more than {most} bytes.": (
        "Dieses Feld darf höchstens {most} Bytes haben."
    ),
    "{option}, {field}: {said}": "{option}, {field}: {said}",
}

TEXTS: Mapping[str, str] = {**_ACCOUNTS, **_CATALOGUE, **_UPLOADS, **_ENCODING, **_REQUESTS}
