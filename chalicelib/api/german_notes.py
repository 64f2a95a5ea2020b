"""German translations of the notes about a source."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "The file breaks off or is damaged; what lies before is kept.": (
        "Die Datei bricht ab oder ist beschädigt; was davor liegt, bleibt."
    ),
    "The file promises {} s; {} s of them are there.": (
        "Die Datei verspricht {} s; davon sind {} s da."
    ),
    "The file promises {} s of sound; {} s of them are there.": (
        "Die Datei verspricht {} s Ton; davon sind {} s da."
    ),
    "An earlier version made {} of {} chunks; their pictures were not compared with the source.": (
        "Eine frühere Version hat {} von {} Abschnitten hergestellt; deren Bilder wurden nicht mit"
        " der Quelle verglichen."
    ),
    "An earlier version made one of {} chunks; its pictures were not compared with the source.": (
        "Eine frühere Version hat einen von {} Abschnitten hergestellt; dessen Bilder wurden nicht"
        " mit der Quelle verglichen."
    ),
    "{} pictures cannot be shown in their place.": (
        "{} Bilder können nicht an ihrer Stelle gezeigt werden."
    ),
    "Its clock starts again: {} parts are shown one after the other.": (
        "Ihre Uhr beginnt neu: {} Teile werden nacheinander gezeigt."
    ),
    "Times were wrong in {} places and were not used.": (
        "An {} Stellen waren Zeiten falsch und wurden nicht verwendet."
    ),
    "Times were wrong in one place and were not used.": (
        "An einer Stelle waren Zeiten falsch und wurden nicht verwendet."
    ),
    "Stream {} was left out: another picture.": "Spur {} wurde ausgelassen: ein anderes Bild.",
    "Stream {} was left out: a sound track.": "Spur {} wurde ausgelassen: eine Tonspur.",
    "Stream {} was left out: a sound track that holds nothing.": (
        "Spur {} wurde ausgelassen: eine Tonspur, die nichts enthält."
    ),
    "Behind the video the file holds another one, which is not shown.": (
        "Hinter dem Video enthält die Datei noch eines, das nicht gezeigt wird."
    ),
    "The file counts {} pictures; {} are shown.": ("Die Datei zählt {} Bilder; gezeigt werden {}."),
    "The file counts {} pictures; one is shown.": (
        "Die Datei zählt {} Bilder; gezeigt wird eines."
    ),
    "Its streams change on the way; what follows is shown as one with what was before.": (
        "Ihre Spuren wechseln unterwegs; was folgt, wird als Fortsetzung gezeigt."
    ),
    "About {}% of the file, at its end, are other streams.": (
        "Etwa {} % der Datei, an ihrem Ende, sind andere Spuren."
    ),
    "Stream {} was left out: it belongs to another program.": (
        "Spur {} wurde ausgelassen: sie gehört zu einem anderen Programm."
    ),
    "Stream {} was left out: subtitles that are pictures.": (
        "Spur {} wurde ausgelassen: Untertitel, die Bilder sind."
    ),
    "Stream {} was left out: subtitles of a kind that is not read.": (
        "Spur {} wurde ausgelassen: Untertitel einer Art, die nicht gelesen wird."
    ),
    "Pixels are said to be {} times as wide as high; they are shown {} times as wide.": (
        "Bildpunkte sollen {} Mal so breit wie hoch sein; sie werden {} Mal so breit gezeigt."
    ),
    "Pixels are said to be {} times as high as wide; they are shown {} times as high.": (
        "Bildpunkte sollen {} Mal so hoch wie breit sein; sie werden {} Mal so hoch gezeigt."
    ),
    "It says when pictures are decoded, not when they are shown; they are shown in order.": (
        "Sie sagt, wann Bilder dekodiert werden, nicht wann sie zu zeigen sind; sie werden der"
        " Reihe nach gezeigt."
    ),
    "Its pictures change their shape on the way; all are shown whole, in the first shape.": (
        "Ihre Bilder wechseln unterwegs das Format; alle werden ganz gezeigt, im ersten Format."
    ),
    "Not shown are {} pictures before the first that needs no other.": (
        "Nicht gezeigt werden {} Bilder vor dem ersten, das kein anderes braucht."
    ),
    "Not shown is one picture before the first that needs no other.": (
        "Nicht gezeigt wird ein Bild vor dem ersten, das kein anderes braucht."
    ),
    "Not shown are {} pictures that come at the times of others.": (
        "Nicht gezeigt werden {} Bilder, deren Zeiten die von anderen sind."
    ),
    "Not shown is one picture that comes at the time of another.": (
        "Nicht gezeigt wird ein Bild, dessen Zeit die eines anderen ist."
    ),
    "Not shown are {} pictures that come after later ones.": (
        "Nicht gezeigt werden {} Bilder, die nach späteren kommen."
    ),
    "Not shown is one picture that comes after a later one.": (
        "Nicht gezeigt wird ein Bild, das nach einem späteren kommt."
    ),
    "Stream {} was left out: its sound is encrypted.": (
        "Spur {} wurde ausgelassen: ihr Ton ist verschlüsselt."
    ),
    "About {}% of its picture is encrypted and not shown.": (
        "Etwa {} % ihres Bildes sind verschlüsselt und werden nicht gezeigt."
    ),
    "About {}% of its sound is encrypted and not heard.": (
        "Etwa {} % ihres Tons sind verschlüsselt und nicht zu hören."
    ),
    "About {} s of its pictures are missing in the source.": (
        "Etwa {} s ihrer Bilder fehlen in der Quelle."
    ),
    "Its header does not say how its tracks count time.": (
        "Ihr Kopf sagt nicht, wie ihre Spuren die Zeit zählen."
    ),
    "Most of its pictures have the times of others.": (
        "Die meisten ihrer Bilder haben die Zeiten von anderen."
    ),
    "Its first pictures have times below zero.": ("Ihre ersten Bilder haben Zeiten unter null."),
    "It holds several videos one after the other: please upload each by itself.": (
        "Sie enthält mehrere Videos hintereinander: Bitte lade jedes für sich hoch."
    ),
    "Picture and sound are two files, one after the other: please join them.": (
        "Bild und Ton sind zwei Dateien hintereinander: Bitte füge sie zusammen."
    ),
    "Each of its packets is in it twice.": "Jedes ihrer Pakete ist zweimal darin.",
    "It begins with zeros, where a video has its header.": (
        "Sie beginnt mit Nullen, wo ein Video seinen Kopf hat."
    ),
    "Its fragments are not in their order: {} pictures are not shown.": (
        "Ihre Fragmente sind nicht in ihrer Reihenfolge: {} Bilder werden nicht gezeigt."
    ),
    "Its fragments are not in their order: one picture is not shown.": (
        "Ihre Fragmente sind nicht in ihrer Reihenfolge: ein Bild wird nicht gezeigt."
    ),
    "Its edit list ends with a pause, in which the last picture is held.": (
        "Ihre Schnittliste endet mit einer Pause, in der das letzte Bild stehen bleibt."
    ),
    "It stores no times; {} pictures a second are shown.": (
        "Sie enthält keine Zeiten; gezeigt werden {} Bilder in der Sekunde."
    ),
    "Of {} pictures a second, {} are shown.": ("Von {} Bildern in der Sekunde werden {} gezeigt."),
    "Of one picture a second, {} are shown.": ("Von einem Bild in der Sekunde werden {} gezeigt."),
    "Pictures come unevenly; they are shown at {} a second.": (
        "Bilder kommen ungleichmäßig; gezeigt werden {} in der Sekunde."
    ),
    "Pictures come unevenly; they are shown at {} a second, one of them for {} s.": (
        "Bilder kommen ungleichmäßig; gezeigt werden {} in der Sekunde, eines davon {} s lang."
    ),
    "The last picture is held while the sound goes on.": (
        "Das letzte Bild bleibt stehen, solange der Ton weitergeht."
    ),
    "The last picture is to stay for {} s; {} s are kept.": (
        "Das letzte Bild soll {} s stehen bleiben; {} s davon bleiben."
    ),
    "The sound goes on {} s too long; its end was cut.": (
        "Der Ton geht {} s zu lang weiter; sein Ende wurde abgeschnitten."
    ),
    "Sound track {}: nothing in it can be decoded; it is silent.": (
        "Tonspur {}: nichts darin ist lesbar; sie ist stumm."
    ),
    "Sound track {}: most of it cannot be decoded; it was left out.": (
        "Tonspur {}: das meiste darin ist nicht lesbar; sie wurde ausgelassen."
    ),
    "Sound track {}: there is no sound in it; it is silent.": (
        "Tonspur {}: sie enthält keinen Ton; sie ist stumm."
    ),
    "Sound track {}: its rate or its channels change on the way.": (
        "Tonspur {}: ihre Abtastrate oder ihre Kanäle wechseln unterwegs."
    ),
    "Sound track {}: its first {} s, before the film begins, were cut.": (
        "Tonspur {}: ihre ersten {} s, vor dem Beginn des Films, wurden abgeschnitten."
    ),
    "Sound track {}: it begins after {} s; it is silent until then.": (
        "Tonspur {}: sie beginnt nach {} s; bis dahin ist sie stumm."
    ),
    "Sound track {}: it ends {} s before the film.": "Tonspur {}: sie endet {} s vor dem Film.",
    "Sound track {}: {}% of it cannot be decoded ({} s of silence).": (
        "Tonspur {}: {} % davon sind nicht lesbar ({} s Stille)."
    ),
    "Sound track {}: {}% of it cannot be decoded.": "Tonspur {}: {} % davon sind nicht lesbar.",
    "Sound track {}: {} s of silence were filled in.": (
        "Tonspur {}: {} s wurden mit Stille gefüllt."
    ),
    "Sound track {}: {} s are missing in the source; it is silent there.": (
        "Tonspur {}: {} s fehlen in der Quelle; dort ist sie stumm."
    ),
    "Sound track {}: {} s of it come twice, and were cut once.": (
        "Tonspur {}: {} s davon kommen zweimal und wurden einmal abgeschnitten."
    ),
    "The sound begins {} s before the picture; {} s are kept.": (
        "Der Ton beginnt {} s vor dem Bild; {} s davon bleiben."
    ),
    "The sound begins {} s before the picture, which is held until then.": (
        "Der Ton beginnt {} s vor dem Bild; bis dahin steht das erste Bild."
    ),
    "Pictures before the first key picture of a part were left out.": (
        "Bilder vor dem ersten Schlüsselbild eines Teils wurden ausgelassen."
    ),
    "The search for a picture was given up.": (
        "Die Suche nach einem Vorschaubild wurde abgebrochen."
    ),
    "Its chapters leave out parts or put them in another order; all is shown as it is stored.": (
        "Seine Kapitel lassen Teile aus oder ordnen sie anders; gezeigt wird alles, wie es"
        " gespeichert ist."
    ),
    "Its chapters show parts of other files, which are not shown.": (
        "Seine Kapitel zeigen Teile anderer Dateien, die nicht gezeigt werden."
    ),
    "Published with damage, accepted.": "Mit Schäden veröffentlicht, akzeptiert.",
    "Subtitles {}: nothing in them can be read; they were left out.": (
        "Untertitel {}: nichts darin ist lesbar; sie wurden ausgelassen."
    ),
    "Subtitles {}: letters that are not Unicode were read as {}.": (
        "Untertitel {}: Buchstaben, die nicht in Unicode stehen, wurden als {} gelesen."
    ),
    "Subtitles {}: {} unreadable entries left out.": (
        "Untertitel {}: {} unlesbare Einträge ausgelassen."
    ),
    "Subtitles {}: one unreadable entry left out.": (
        "Untertitel {}: ein unlesbarer Eintrag ausgelassen."
    ),
    "{}% of the pictures could not be read whole.": "{} % der Bilder waren nicht ganz lesbar.",
    "{}% of the pictures could not be read whole; others stand in.": (
        "{} % der Bilder waren nicht ganz lesbar; andere stehen an ihrer Stelle."
    ),
    "The decoder complained {} times.": "Der Decoder hat sich {} Mal beschwert.",
    "The decoder complained once.": "Der Decoder hat sich einmal beschwert.",
    "Damage may be seen in {}% of the pictures.": (
        "In {} % der Bilder können Schäden zu sehen sein."
    ),
    "Where pictures are damaged, one is held for {} s.": (
        "Wo Bilder beschädigt sind, bleibt eines {} s lang stehen."
    ),
    "For {} s nothing can be decoded; the picture is black.": (
        "{} s lang ist nichts lesbar; das Bild ist schwarz."
    ),
    "Although nothing is damaged, {} pictures are missing.": (
        "Obwohl nichts beschädigt ist, fehlen {} Bilder."
    ),
    "Although nothing is damaged, one picture is missing.": (
        "Obwohl nichts beschädigt ist, fehlt ein Bild."
    ),
    "At the beginning {} pictures were left out.": "Am Anfang wurden {} Bilder ausgelassen.",
    "At the beginning one picture was left out.": "Am Anfang wurde ein Bild ausgelassen.",
    "The source goes on {} s longer than planned.": (
        "Die Quelle geht {} s länger weiter als geplant."
    ),
    "The source ends {} s earlier than planned.": "Die Quelle endet {} s früher als geplant.",
    "This codec does not tell damage from pictures.": (
        "Dieser Codec unterscheidet Schäden nicht von Bildern."
    ),
}
