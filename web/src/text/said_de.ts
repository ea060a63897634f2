// SPDX-License-Identifier: Apache-2.0
// Was das Programm sagt, auf Deutsch. Links steht der Satz wie in seinen Quellen.
import type { Sayings } from '../said'

/** Notes and formulas of reports. */
const reports: Sayings = {
  'Nothing was measured in these days': 'In diesen Tagen wurde nichts gemessen',
  "The dwell of %lld visits that were pruned is known only by the store's own days and may stand in the neighbouring local day":
    'Die Dauer von {1} schon gelöschten Besuchen ist nur nach den Tagen des Speichers bekannt und kann im Nachbartag der Ortszeit stehen',

  '%s, footfall: %s': '{1}, Zulauf: {2}',
  '%s, stop rate: %s': '{1}, Haltequote: {2}',
  '%s, median dwell: %s': '{1}, Median der Verweildauer: {2}',
  'too little data': 'zu wenig Daten',
  'no clear difference': 'kein klarer Unterschied',
  'better, %s by %s, from %s to %s': 'besser, {1} um {2}, von {3} auf {4}',
  'worse, %s by %s, from %s to %s': 'schlechter, {1} um {2}, von {3} auf {4}',
  up: 'gestiegen',
  down: 'gefallen',
  '%s points': '{1} Punkte',
  '%s %%': '{1} %',
  '%s people an hour': '{1} Personen je Stunde',
  '%s (between %s and %s)': '{1} (zwischen {2} und {3})',
  '%s (%s or more)': '{1} ({2} oder mehr)',
  '%s (%s or less)': '{1} ({2} oder weniger)',
  '%s: a change of 10 %% would most likely have shown': '{1}: Eine Änderung um 10 % wäre sehr wahrscheinlich zu sehen gewesen',
  '%s: about %ld more day%s, both sides together, would show a change of 10 %%':
    '{1}: Mit etwa {2} weiteren Tagen, beide Seiten zusammen, würde eine Änderung um 10 % sichtbar',
  '%s: the days differ too much from each other to show a change of 10 %%':
    '{1}: Die Tage sind einander zu ungleich, um eine Änderung um 10 % zu zeigen',
  '%s: measure each weekday at least twice on both sides': '{1}: Messen Sie jeden Wochentag mindestens zweimal auf beiden Seiten',
  'footfall = visits and passes whose start was seen / hours measured; ratio of rates, weekdays and hours matched':
    'Zulauf = Besuche und Vorbeigehende, deren Beginn zu sehen war / gemessene Stunden; Verhältnis der Raten, nach Wochentag und Stunde abgeglichen',
  'stop rate = stops / (visits + passes - visits cut off before the level), weekdays and hours matched':
    'Haltequote = Halte / (Besuche + Vorbeigehende - vor der Stufe abgeschnittene Besuche), nach Wochentag und Stunde abgeglichen',
  "median dwell: of visits, Kaplan-Meier, weekdays matched; hours too where one side was measured more; p by ranks: of the days' medians, each less its weekday's mean (Hodges and Lehmann 1962), another opinion on the same row":
    'Median der Verweildauer: der Besuche, Kaplan-Meier, nach Wochentag abgeglichen; auch nach Stunde, wo eine Seite mehr gemessen wurde; p nach Rängen: der Mediane der Tage, jeder abzüglich des Mittels seines Wochentags (Hodges und Lehmann 1962), eine zweite Meinung zur selben Zeile',
  'the day is the unit; p of all rows corrected together (Holm 1979), intervals of 95 %% each are not':
    'die Einheit ist der Tag; p aller Zeilen gemeinsam korrigiert (Holm 1979), die Intervalle zu je 95 % nicht',
  'Some hours were measured more on one side, and the visits needed to match dwell by hour are pruned: it is matched by weekday only':
    'Manche Stunden wurden auf einer Seite mehr gemessen, und die Besuche, um die Dauer nach Stunden abzugleichen, sind gelöscht: Abgeglichen ist nur nach Wochentag',

  'No change can be told: too few days of the same weekday were measured in one of the periods':
    'Eine Änderung ist nicht anzugeben: In einem der Zeiträume wurden zu wenige Tage desselben Wochentags gemessen',
  'Ordered by %s; change: of %s, to %s to %s (as many days, the same weekdays)':
    'Geordnet nach: {1}; Änderung: {2}, gegenüber {3} bis {4} (ebenso viele Tage, dieselben Wochentage)',
  visits: 'Besuche',
  people: 'Personen',
  'stop rate': 'Haltequote',
  'engage rate': 'Interessequote',
  'median dwell': 'Median der Verweildauer',
  'change of visits and people: ratio of rates an hour measured, weekdays and hours matched':
    'Änderung von Besuchen und Personen: Verhältnis der Raten je gemessener Stunde, nach Wochentag und Stunde abgeglichen',
  'change of stop and engage rate: difference in points; of the median: in seconds; the day is the unit':
    'Änderung von Halte- und Interessequote: Unterschied in Punkten; des Medians: in Sekunden; die Einheit ist der Tag',
  'stop rate = stops / (visits + passes - visits cut off before the level); engage rate likewise':
    'Haltequote = Halte / (Besuche + Vorbeigehende - vor der Stufe abgeschnittene Besuche); Interessequote ebenso',
  'intervals are of 95 %% each, not corrected for the number of displays':
    'jedes Intervall hat 95 %, nicht korrigiert für die Zahl der Displays',

  '%zu ways of one person before one camera; nobody is known again before another camera, or after having been lost from sight: ways seem shorter than they are':
    '{1} Wege je einer Person vor einer Kamera; vor einer anderen Kamera, oder aus den Augen verloren, wird niemand wiedererkannt: Wege scheinen kürzer, als sie sind',
  'After %zu visits it was not seen where people went; shares leave them out':
    'Nach {1} Besuchen war nicht zu sehen, wohin man ging; die Anteile lassen sie aus',
  'way = visits (no passes) of one person, each within %g minutes of the end of those before':
    'Weg = Besuche (keine Vorbeigehenden) einer Person, jeder höchstens {1} Minuten nach dem Ende der vorigen',
  'share of a step = times / visits to "from" of which is known what came next, another zone or the end of the way':
    'Anteil eines Schritts = Anzahl / Besuche in „von“, nach denen bekannt ist, was folgte: eine andere Zone oder das Ende des Wegs',
  'share of ways = begun (ended) here / ways whose first (last) visit was seen from its start (to its end)':
    'Anteil der Wege = hier begonnen (beendet) / Wege, deren erster (letzter) Besuch von Anfang an (bis zum Ende) zu sehen war',
  "95 %% = Wilson's score interval; steps of one person are taken for independent":
    '95 % = Score-Intervall nach Wilson; Schritte einer Person gelten als unabhängig',

  '%lld visits were cut off at an end that was not seen; those cut before they could reach a level are left out of its rate':
    'Bei {1} Besuchen war ein Ende nicht zu sehen; wer abgeschnitten wurde, bevor eine Stufe erreicht sein konnte, zählt für deren Quote nicht',
  "stays = passes + visits; a pass is shorter than the zone's min_dwell": 'Aufenthalte = Vorbeigehende + Besuche; Vorbeigehende bleiben unter dem min_dwell der Zone',
  "stops, engaged = visits of the zone's level or longer": 'Halte, Interessierte = Besuche von der Stufe der Zone an',
  'stop rate = stops / (stays - visits cut off before the level); engage rate likewise':
    'Haltequote = Halte / (Aufenthalte - vor der Stufe abgeschnittene Besuche); Interessequote ebenso',
  'engaged of stops = engaged / stops': 'Interessierte der Halte = Interessierte / Halte',
  "95 %% = Wilson's score interval of hits / count": '95 % = Score-Intervall nach Wilson von Treffer / Anzahl',

  'No foot tracks of camera %s are stored for these days: they were not recorded, or have been pruned':
    'Für diese Tage sind keine Fußspuren der Kamera {1} gespeichert: Sie wurden nicht aufgezeichnet oder schon gelöscht',
  'person-time of a cell = time between points of foot tracks up to 2 s apart, spread along the line between them':
    'Personenzeit eines Felds = Zeit zwischen Punkten der Fußspuren, die höchstens 2 s auseinanderliegen, verteilt auf die Strecke dazwischen',
  'smoothed = Gaussian of %g cells, mirrored at the edges: its sum is the same':
    'geglättet = Gauß mit {1} Feldern, an den Rändern gespiegelt: Die Summe bleibt gleich',
  'x, y = middle of the cell in metres of the ground model, y up; a spot is a cell warmer than those around it':
    'x, y = Mitte des Felds in Metern des Bodenmodells, y nach oben; ein Fleck ist ein Feld, das wärmer ist als die um es herum',
  '--ground is of one camera and there are %zu: choose with --camera': '--ground gilt für eine Kamera, und es gibt {1}: Wählen Sie mit --camera',
  '--floor is in metres: add --ground FILE': '--floor ist in Metern: Geben Sie --ground DATEI dazu',
  'x, y = middle of the cell, 0 to 1 from the top left of the picture; a spot is a cell warmer than those around it':
    'x, y = Mitte des Felds, 0 bis 1 von links oben im Bild; ein Fleck ist ein Feld, das wärmer ist als die um es herum',

  "%zu visits of an unknown role count as shoppers'": '{1} Besuche mit unbekannter Rolle zählen als Kundschaft',
  'present = person-time / measured time, by the hour of the day': 'anwesend = Personenzeit / gemessene Zeit, nach Stunde des Tages',
  "staff came or were there = shoppers' visits with staff in the zone at one time or another / all of them (Wilson)":
    'Personal kam oder war da = Besuche der Kundschaft, bei denen irgendwann Personal in der Zone war / alle (Wilson)',
  'median until then: Kaplan-Meier, cut where the shopper left first; 0 when staff were there':
    'Median bis dahin: Kaplan-Meier, abgeschnitten, wo die Kundschaft vorher ging; 0, wenn Personal da war',

  "Entries and people present are summed over %zu zones: who visits two counts in both. For a shop's footfall choose the zone of its entrance":
    'Wer kam und wer da war, ist über {1} Zonen summiert: Wer zwei besucht, zählt in beiden. Für den Zulauf eines Ladens wählen Sie die Zone seines Eingangs',
  'People outside every zone are not seen here: how many one of staff can look after means those in the zones':
    'Wer in keiner Zone ist, ist hier nicht zu sehen: Für die in den Zonen gilt, wie viele auf eine Person des Personals kommen sollen',
  'An exception says that a display was unusual, not why: empty, moved, hidden, or a promotion beside it':
    'Eine Ausnahme sagt, dass ein Display ungewöhnlich war, nicht warum: leer, verschoben, verdeckt, oder eine Aktion daneben',
  'entries, present = of an hour measured for 30 minutes or longer; sum over zones of entries / measured hours, person-time / measured time':
    'kamen, anwesend = einer Stunde, in der mindestens 30 Minuten gemessen wurde; Summe über Zonen von Eintritten / gemessene Stunden, Personenzeit / gemessene Zeit',
  'median, p10, p90 = over weeks': 'Median, p10, p90 = über Wochen',
  'closed = nobody entered in most of the weeks measured': 'geschlossen = in den meisten gemessenen Wochen kam niemand',
  'people = p90 of present / %g, rounded up; 1 or more when open': 'Personal = p90 der Anwesenden / {1}, aufgerundet; mindestens 1, wenn geöffnet',
  'shifts = the fewest person-hours, then the fewest shifts, of %d to %d h, that cover people':
    'Schichten = die wenigsten Personenstunden, dann die wenigsten Schichten von {1} bis {2} h, die den Bedarf decken',
  'expected = median of the other days of that weekday (3 or more), for the time measured':
    'erwartet = Median der anderen Tage dieses Wochentags (mindestens 3), für die gemessene Zeit',
  'exception = |z| >= %g; z = difference of square roots over its usual spread; by chance = %g %% of days compared, as in simulated shops without change':
    'Ausnahme = |z| >= {1}; z = Unterschied der Quadratwurzeln durch seine übliche Streuung; zufällig = {2} % der verglichenen Tage, wie in simulierten Läden ohne Änderung',

  '%s: %lld of %lld visits were cut off; their dwell is a lower bound, which median, p75, p90 and shares allow for (Kaplan-Meier)':
    '{1}: {2} von {3} Besuchen wurden abgeschnitten; ihre Dauer ist eine untere Schranke, was Median, p75, p90 und Anteile berücksichtigen (Kaplan-Meier)',
  '%s: staff %s, %.1f %% of all stays': '{1}: Personal {2}, {3} % aller Aufenthalte',
  "%s: of %lld of %lld visits the role is not known, and they count as shoppers'; without them: visits %lld, median %s":
    '{1}: Bei {2} von {3} Besuchen ist die Rolle unbekannt, sie zählen als Kundschaft; ohne sie: {4} Besuche, Median {5}',
  'are counted too': 'zählt mit',
  'are left out of every figure': 'ist in keiner Zahl enthalten',
  '%s: the zone or its settings changed; the figures put %d revisions together':
    '{1}: Die Zone oder ihre Einstellungen wurden geändert; die Zahlen fassen {2} Fassungen zusammen',
  '%s: %.1f %% of the scheduled time was not measured; counts are not scaled up':
    '{1}: {2} % der geplanten Zeit wurden nicht gemessen; Anzahlen sind nicht hochgerechnet',
  'visits = stays of min_dwell or longer; passes = shorter ones; people = different persons among the visits of a run':
    'Besuche = Aufenthalte von min_dwell an; Vorbeigehende = kürzere; Personen = verschiedene unter den Besuchen eines Laufs',
  'entries = visits and passes whose start was seen': 'kamen = Besuche und Vorbeigehende, deren Beginn zu sehen war',
  'average = person-time of visits and passes / measured time; most = of both at one moment':
    'Durchschnitt = Personenzeit von Besuchen und Vorbeigehenden / gemessene Zeit; höchstens = beide in einem Augenblick',
  'coverage = measured / scheduled time': 'Abdeckung = gemessene / geplante Zeit',
  'median, p75, p90: Kaplan-Meier, from buckets 1.6 to 3.1 %% wide; interval of Brookmeyer and Crowley, 95 %%':
    'Median, p75, p90: Kaplan-Meier, aus Klassen von 1,6 bis 3,1 % Breite; Intervall nach Brookmeyer und Crowley, 95 %',
  "stop, engage = visits of the zone's level or longer / visits, Wilson's interval; from the curve where a visit was cut off before":
    'Halt, interessiert = Besuche von der Stufe der Zone an / Besuche, Intervall nach Wilson; aus der Kurve, wo ein Besuch vorher abgeschnitten wurde',
  'bridged = time hidden but taken to have stayed / dwell of visits': 'überbrückt = verdeckte Zeit, in der jemand als da galt / Dauer der Besuche',
  'staff = visits and passes of staff / all visits and passes': 'Personal = Besuche und Vorbeigehen des Personals / alle Besuche und Vorbeigehenden',
}

/** Headings and words in tables that the page has no better ones for. */
const tables: Sayings = {
  'The whole grid': 'Das ganze Raster',
  'Hours of the week': 'Stunden der Woche',
  'Who was there': 'Wer da war',
  column: 'Spalte',
  row: 'Zeile',
  p10: 'p10',
  p90: 'p90',
  most: 'höchstens',
  after: 'nach',
  'person-time': 'Personenzeit',
  'of all': 'von allen',
  "of the zone's": 'der Zone',
  share: 'Anteil',
  smoothed: 'geglättet',
  'not measured': 'nicht gemessen',
  closed: 'geschlossen',
  open: 'geöffnet',
  'not known': 'nicht bekannt',
  '%s, facing the display': '{1}, am Display',
  fewer: 'weniger',
  more: 'mehr',
  better: 'besser',
  worse: 'schlechter',
}

/** How cameras are, and why. */
const cameras: Sayings = {
  'the picture is black: look whether its lens is covered or the light is off': 'das Bild ist schwarz: Sehen Sie nach, ob das Objektiv verdeckt oder das Licht aus ist',
  'something is in front of the lens: take it away': 'etwas ist vor dem Objektiv: Nehmen Sie es weg',
  'it is too dark to find everybody: turn on a light, or give the camera longer': 'es ist zu dunkel, um alle zu finden: Machen Sie Licht, oder lassen Sie die Kamera länger belichten',
  'the picture stands still to the last bit: restart the camera': 'das Bild steht bis aufs letzte Bit still: Starten Sie die Kamera neu',
  'the camera was turned or zoomed: turn it back, or draw its zones anew': 'die Kamera wurde gedreht oder gezoomt: Drehen Sie sie zurück, oder zeichnen Sie ihre Zonen neu',
  'the picture is out of focus: clean the lens, and focus it': 'das Bild ist unscharf: Putzen Sie das Objektiv, und stellen Sie es scharf',
  'the picture has another shape than the one the zones were drawn on: set the camera back to it, or draw its zones anew':
    'das Bild hat eine andere Form als das, auf dem die Zonen gezeichnet wurden: Stellen Sie die Kamera zurück, oder zeichnen Sie ihre Zonen neu',
  'the machine is too slow to look at every picture: visits are measured at the lower rate; use the cameras\' smaller streams, or a faster model':
    'das Gerät ist zu langsam, um jedes Bild anzusehen: Besuche werden seltener gemessen; nehmen Sie kleinere Streams der Kameras oder ein schnelleres Modell',
  "who walks through '%.60s' may be gone before a second picture: set the camera to more pictures a second, or draw the zone wider":
    'wer durch „{1}“ geht, kann vor dem zweiten Bild fort sein: Lassen Sie die Kamera mehr Bilder je Sekunde senden, oder zeichnen Sie die Zone breiter',
  "nobody has entered '%.60s' for a day of measuring, others were entered: is it where people stand?":
    'seit einem Tag des Messens kam niemand in „{1}“, in andere aber: Liegt sie, wo Menschen stehen?',
  "the stream is larger than need be: people are measured as well on the camera's smaller one, for a fraction of the work":
    'der Stream ist größer als nötig: Auf dem kleineren der Kamera wird ebenso gut gemessen, mit einem Bruchteil der Arbeit',
  "the camera's own clock is %+.0f s off, and is not used: give it a time server":
    'die eigene Uhr der Kamera geht um {1} s falsch und wird nicht benutzt: Geben Sie ihr einen Zeitserver',
  '%s by %+.1f s: times follow it from now on': '{1} um {2} s: Zeiten folgen ihr von jetzt an',
  'the clock of this machine was set': 'die Uhr dieses Geräts wurde gestellt,',
  "the camera's time drifted": 'die Zeit der Kamera lief weg,',
  'its decoder was started anew: %s': 'ihr Decoder wurde neu gestartet: {1}',
  'damaged pictures': 'beschädigte Bilder',
  'stream jump': 'Sprung im Stream',
  'the film begins anew': 'der Film beginnt von vorn',
  'camera down': 'Kamera weg',
  'of the last %.0f people %.0f %% look like staff, %.0f %% did in training: mark some anew, and train again':
    'von den letzten {1} Personen sehen {2} % wie Personal aus, beim Lernen waren es {3} %: Markieren Sie einige neu, und lernen Sie noch einmal',
  'the file ends early: %.1f s of %.1f s could be read': 'die Datei endet zu früh: {1} s von {2} s waren zu lesen',
  'the file could be read only up to %.1f s: %s': 'die Datei war nur bis {1} s zu lesen: {2}',
  'the file was read to its end': 'die Datei wurde bis zum Ende gelesen',
  'its thread cannot be started: too many run already': 'ihr Thread lässt sich nicht starten: Es laufen schon zu viele',
  "'%s' ended": '„{1}“ ist zu Ende',
  "'%s': stopped": '„{1}“: angehalten',
  "'%s' sends, but for %.3g s nothing that is a picture: have the camera send H.264, and a whole picture every second or two":
    '„{1}“ sendet, aber seit {2} s nichts, was ein Bild ist: Lassen Sie die Kamera H.264 senden, und alle ein, zwei Sekunden ein ganzes Bild',
  "'%s' sent no picture for %.3g s: check address and port, and that the camera is on":
    '„{1}“ sandte {2} s lang kein Bild: Prüfen Sie Adresse und Port, und ob die Kamera an ist',
  "'%s' gave no picture for %.3g s: pull it out and plug it in again": '„{1}“ gab {2} s lang kein Bild: Ziehen Sie sie ab und stecken Sie sie wieder an',
  "'%s' sends on to another address, which is not followed: give the address of the camera itself":
    '„{1}“ verweist auf eine andere Adresse, der nicht gefolgt wird: Geben Sie die Adresse der Kamera selbst an',
  "'%s': %s '%s': check the address, or give it as a number": '„{1}“: {2} „{3}“: Prüfen Sie die Adresse, oder geben Sie sie als Zahl an',
  'nobody knows a machine of the name': 'niemand kennt ein Gerät mit Namen',
  'no name server says in time where to find': 'kein Nameserver sagt rechtzeitig, wo es ist:',
  "'%s' starts with no known protocol: use a file's path, or http, https, rtsp, rtsps, rtp, udp, tcp or v4l2":
    '„{1}“ beginnt mit keinem bekannten Protokoll: Nehmen Sie den Pfad einer Datei, oder http, https, rtsp, rtsps, rtp, udp, tcp oder v4l2',
  "'%s' holds no video%s: name a file or stream with pictures": '„{1}“ enthält kein Video{2}: Nennen Sie eine Datei oder einen Stream mit Bildern',
  ', only sound or text': ', nur Ton oder Text',
  "'%s' holds a video this FFmpeg cannot decode: convert it to H.264": '„{1}“ enthält ein Video, das dieses FFmpeg nicht dekodieren kann: Wandeln Sie es in H.264 um',
  "'%s' is a text file, not a video: name a video file": '„{1}“ ist eine Textdatei, kein Video: Nennen Sie eine Videodatei',
  "'%s' is an MP4 file without its index (moov): the recording was cut off before its end was written; copy it again or repair it first":
    '„{1}“ ist eine MP4-Datei ohne Verzeichnis (moov): Die Aufnahme brach ab, bevor ihr Ende geschrieben war; kopieren Sie sie noch einmal, oder reparieren Sie sie zuerst',
  "'%s' is not a video file FFmpeg can read, or its beginning is damaged: try to play it, or copy it again":
    '„{1}“ ist keine Videodatei, die FFmpeg lesen kann, oder ihr Anfang ist beschädigt: Versuchen Sie, sie abzuspielen, oder kopieren Sie sie noch einmal',
  "'%s' cannot be opened as a video: %s": '„{1}“ lässt sich nicht als Video öffnen: {2}',
  "'%s' cannot be read: %s": '„{1}“ lässt sich nicht lesen: {2}',
  "'%s' wants a user name and a password, or others than these: write them into the address as user:password@host":
    '„{1}“ will Benutzername und Passwort, oder andere als diese: Schreiben Sie sie als user:password@host in die Adresse',
  "'%s' refuses access: check user name, password and rights": '„{1}“ verweigert den Zugang: Prüfen Sie Benutzername, Passwort und Rechte',
  "'%s' is not known to the server: check the path": '„{1}“ kennt der Server nicht: Prüfen Sie den Pfad',
  "'%s' refuses the request: check the address": '„{1}“ lehnt die Anfrage ab: Prüfen Sie die Adresse',
  "'%s' refuses the request: check address and password": '„{1}“ lehnt die Anfrage ab: Prüfen Sie Adresse und Passwort',
  "'%s' has an error on its own side: look at the camera or server": '„{1}“ hat selbst einen Fehler: Sehen Sie nach der Kamera oder dem Server',
  "'%s' refuses the connection: check address and port, and that the camera is on":
    '„{1}“ verweigert die Verbindung: Prüfen Sie Adresse und Port, und ob die Kamera an ist',
  "'%s' cannot be reached: check address and network": '„{1}“ ist nicht zu erreichen: Prüfen Sie Adresse und Netz',
  "'%s' cut the connection": '„{1}“ hat die Verbindung beendet',
  "'%s' cut the connection before sending a picture": '„{1}“ hat die Verbindung beendet, bevor ein Bild kam',
  "'%s' cannot be reached, or sends on to another address, which is not followed: check address and network":
    '„{1}“ ist nicht zu erreichen, oder verweist auf eine andere Adresse, der nicht gefolgt wird: Prüfen Sie Adresse und Netz',
  "'%s' answers, but not with a video: check the path of the stream": '„{1}“ antwortet, aber nicht mit einem Video: Prüfen Sie den Pfad des Streams',
  "'%s' uses a protocol this FFmpeg was built without": '„{1}“ benutzt ein Protokoll, ohne das dieses FFmpeg gebaut wurde',
  "'%s' does not exist: check the path": '„{1}“ gibt es nicht: Prüfen Sie den Pfad',
  "'%s' is a folder: name a video file in it": '„{1}“ ist ein Ordner: Nennen Sie eine Videodatei darin',
  "'%s' is not a regular file: name a file or a URL": '„{1}“ ist keine gewöhnliche Datei: Nennen Sie eine Datei oder eine URL',
  "'%s' is empty (0 bytes): was it copied completely?": '„{1}“ ist leer (0 Bytes): Wurde sie ganz kopiert?',
  "'%s': not one picture of it can be decoded (%s): try to play it, or copy it again":
    '„{1}“: nicht ein Bild davon lässt sich dekodieren ({2}): Versuchen Sie, sie abzuspielen, oder kopieren Sie sie noch einmal',
  "'%s' is no file: only files are played in a loop": '„{1}“ ist keine Datei: Nur Dateien werden in einer Schleife gespielt',
  "'%s' is a device: of a webcam, write v4l2://%s": '„{1}“ ist ein Gerät: Von einer Webcam schreiben Sie v4l2://{2}',
  "'%s': there is no such webcam: plug it in, and look for it with `ls /dev/video*`":
    '„{1}“: eine solche Webcam gibt es nicht: Stecken Sie sie an, und sehen Sie mit `ls /dev/video*` nach',
  "'%s' may not be opened: add the user that runs Dwell to the group 'video'":
    '„{1}“ darf nicht geöffnet werden: Nehmen Sie den Benutzer, unter dem Dwell läuft, in die Gruppe „video“ auf',
  "'%s' is in use: end the other program": '„{1}“ wird schon benutzt: Beenden Sie das andere Programm',
  "'%s' cannot be started as a webcam: %s": '„{1}“ lässt sich nicht als Webcam starten: {2}',
  "'%s' is no device that gives pictures: try another of `ls /dev/video*`": '„{1}“ ist kein Gerät, das Bilder gibt: Versuchen Sie ein anderes von `ls /dev/video*`',
  "'%s' gives no JPEG pictures: put it behind an RTSP server, or take another": '„{1}“ gibt keine JPEG-Bilder: Stellen Sie sie hinter einen RTSP-Server, oder nehmen Sie eine andere',
  "'%s' has no pictures: check the file": '„{1}“ hat keine Bilder: Prüfen Sie die Datei',
  "'%s' was replaced by a file of another size": '„{1}“ wurde durch eine Datei anderer Größe ersetzt',
  'this FFmpeg cannot decode %s: convert it to H.264': 'dieses FFmpeg kann {1} nicht dekodieren: Wandeln Sie es in H.264 um',
  'its video (%s) cannot be decoded': 'ihr Video ({1}) lässt sich nicht dekodieren',
  'its video (%s) cannot be decoded: %s': 'ihr Video ({1}) lässt sich nicht dekodieren: {2}',
  'a decoder cannot be started: %s': 'ein Decoder lässt sich nicht starten: {1}',
  'its decoder does not start: %s': 'ihr Decoder startet nicht: {1}',
  'its decoder broke off at once: %s': 'ihr Decoder brach sofort ab: {1}',
  'its decoder broke off %d times in a row: %s': 'ihr Decoder brach {1}-mal nacheinander ab: {2}',
  'it asked the system for what a decoder never needs': 'er verlangte vom System, was ein Decoder nie braucht',
  'it was ended by signal %d (%s)': 'er wurde durch Signal {1} ({2}) beendet',
  'it ended by itself with code %d': 'er endete von selbst mit Code {1}',
  'it took longer than %.1f s for one picture': 'er brauchte länger als {1} s für ein Bild',
  'its pictures are of no known form': 'seine Bilder haben keine bekannte Form',
  'its video (%s) is none that cameras send: set it to H.264, H.265, MPEG-4 or MJPEG':
    'ihr Video ({1}) ist keines, das Kameras senden: Stellen Sie sie auf H.264, H.265, MPEG-4 oder MJPEG',
  'its pictures of %d x %d are larger than 4096 x 4096: choose a smaller stream of the camera':
    'ihre Bilder von {1} x {2} sind größer als 4096 x 4096: Wählen Sie einen kleineren Stream der Kamera',
  "its description has %d bytes, more than any camera's": 'ihre Beschreibung hat {1} Bytes, mehr als die jeder Kamera',
  'sends more than %d pictures a second: set the camera to 10 or 12': 'sendet mehr als {1} Bilder je Sekunde: Stellen Sie die Kamera auf 10 oder 12',
  'the picture changed its shape from %d x %d to %d x %d: zones drawn on one do not fit the other, start again with new zones':
    'das Bild änderte seine Form von {1} x {2} zu {3} x {4}: Zonen auf dem einen passen nicht auf das andere, beginnen Sie mit neuen Zonen',
  "pictures of format '%s' cannot be converted": 'Bilder im Format „{1}“ lassen sich nicht umwandeln',
  'no memory for a picture': 'kein Speicher für ein Bild',
  'no memory for a picture of %d x %d': 'kein Speicher für ein Bild von {1} x {2}',
  'no memory to share with a decoder: %s': 'kein Speicher, um ihn mit einem Decoder zu teilen: {1}',
  'a picture of %d x %d cannot be made a JPEG': 'aus einem Bild von {1} x {2} lässt sich kein JPEG machen',
}

/** What is refused, and why. */
const refusals: Sayings = {
  'a name has 1 to %d bytes, and none of / ? # %% \\ " < >': 'ein Name hat 1 bis {1} Bytes, und keines von / ? # % \\ " < >',
  'a password has %d to %d characters; four words are good': 'ein Passwort hat {1} bis {2} Zeichen; vier Wörter sind gut',
  'the password is the name: choose another': 'das Passwort ist der Name: Wählen Sie ein anderes',
  'too many tries: wait %d s before the next': 'zu viele Versuche: Warten Sie {1} s bis zum nächsten',
  'there are %d users, and may be no more': 'es gibt {1} Benutzer, mehr dürfen es nicht sein',
  "there is a user '%s' already": '„{1}“ gibt es als Benutzer schon',
  'this site is claimed already: sign in': 'dieser Standort ist schon übernommen: Melden Sie sich an',
  "this is not the claim link of the last start: use the one that 'dwell serve' printed last":
    'das ist nicht der Link des letzten Starts: Nehmen Sie den, den das Programm zuletzt ausgegeben hat',
  'name or password is wrong': 'Name oder Passwort ist falsch',
  "there is no user '%s'": 'einen Benutzer „{1}“ gibt es nicht',
  "'%s' is the last administrator and stays one": '„{1}“ verwaltet als Letzter und bleibt dabei',
  "'%s' is the last administrator and stays": '„{1}“ verwaltet als Letzter und bleibt',
  'there are %d tokens, and may be no more': 'es gibt {1} Token, mehr dürfen es nicht sein',
  "there is no token '%s'": 'ein Token „{1}“ gibt es nicht',
  'there is no such file; the page is at /': 'eine solche Datei gibt es nicht; die Seite ist unter /',
  'the page can only be read': 'die Seite kann nur gelesen werden',
  'say with If-Match which revision you changed: the ETag of the GET before': 'nennen Sie mit If-Match die Fassung, die Sie geändert haben: das ETag des GET davor',
  "'%s' cannot be written: %s": '„{1}“ lässt sich nicht schreiben: {2}',
  'cannot start a thread: %s': 'ein Thread lässt sich nicht starten: {1}',
  'cannot start a thread: too many run already': 'ein Thread lässt sich nicht starten: Es laufen schon zu viele',
  'cannot start thread %d for detecting': 'Thread {1} zum Erkennen lässt sich nicht starten',
  'cannot start the thread that reads the source': 'der Thread, der die Quelle liest, lässt sich nicht starten',
  '%d look already: try again later': '{1} schauen schon zu: Versuchen Sie es später noch einmal',
  'the body is no JSON: line %d: %s': 'der Inhalt ist kein JSON: Zeile {1}: {2}',
  'the body must be application/json': 'der Inhalt muss application/json sein',
  'the body is larger than 1 MiB': 'der Inhalt ist größer als 1 MiB',
  'only GET, HEAD, POST, PUT, PATCH and DELETE are known here': 'nur GET, HEAD, POST, PUT, PATCH und DELETE sind hier bekannt',
  "'%s': line %d: %s": '„{1}“: Zeile {2}: {3}',
  'there are %d promotions, and may be no more': 'es gibt {1} Aktionen, mehr dürfen es nicht sein',
  "there is no promotion '%s'": 'eine Aktion „{1}“ gibt es nicht',
  'the query has more than %d names': 'die Abfrage hat mehr als {1} Namen',
  "'%s' stands in the query twice": '„{1}“ steht zweimal in der Abfrage',
  'the query is not percent-coded UTF-8': 'die Abfrage ist kein mit Prozentzeichen geschriebenes UTF-8',
  '%s=%s: wants a whole number from %lld to %lld': '{1}={2}: braucht eine ganze Zahl von {3} bis {4}',
  '%s=%s: wants a number from %g to %g': '{1}={2}: braucht eine Zahl von {3} bis {4}',
  '%s=%s: wants true or false': '{1}={2}: braucht true oder false',
  "'%s' is not known here; did you mean '%s'?": '„{1}“ ist hier nicht bekannt; meinten Sie „{2}“?',
  "'%s' is not known here": '„{1}“ ist hier nicht bekannt',
  '%s is not possible here, but %s': '{1} geht hier nicht, aber {2}',
  "sign in first, or send a token: 'Authorization: Bearer ...'": 'melden Sie sich zuerst an, oder senden Sie ein Token: „Authorization: Bearer ...“',
  'the session or token is not known, or no longer: sign in again': 'Sitzung oder Token ist nicht bekannt, oder nicht mehr: Melden Sie sich wieder an',
  "this wants the role '%s', and '%s' is '%s'": 'das braucht die Rolle „{1}“, und „{2}“ hat „{3}“',
  'this is for people who sign in, not for tokens': 'das ist für Menschen, die sich anmelden, nicht für Token',
  "this wants a token with the scope '%s'": 'das braucht ein Token mit dem Recht „{1}“',
  'a page of another site may not change anything here': 'eine Seite anderer Herkunft darf hier nichts ändern',
  "a change wants the header X-CSRF-Token with 'csrf' of GET /api/v1/session": 'eine Änderung braucht den Header X-CSRF-Token mit „csrf“ aus GET /api/v1/session',
  'nobody answered this': 'das hat niemand beantwortet',
  "this server does not go by the name '%.100s': add it to 'hosts' in the configuration": 'dieser Server heißt nicht „{1}“: Fügen Sie den Namen in der Konfiguration bei „hosts“ hinzu',
  'there is nothing here: docs/api.md lists what there is': 'hier ist nichts: docs/api.md nennt, was es gibt',
  "camera '%s' has shown nothing yet": 'Kamera „{1}“ hat noch nichts gezeigt',
  "'%.40s' is not the number of an event": '„{1}“ ist nicht die Nummer eines Ereignisses',
  "the zones file of '%s' is no JSON object": 'die Zonendatei von „{1}“ ist kein JSON-Objekt',
  "'to' is the day after the last, so later than 'from'": '„to“ ist der Tag nach dem letzten, also später als „from“',
  "there is no report '%s': GET /api/v1/reports lists them": 'einen Bericht „{1}“ gibt es nicht: GET /api/v1/reports nennt sie',
  'format: wants json, csv or html': 'format: braucht json, csv oder html',
  'format: wants json or csv': 'format: braucht json oder csv',
  "'%.60s' is no visit's id": '„{1}“ ist keine Kennung eines Besuchs',
  "cursor=%.60s: it is not 'next' of the page before": 'cursor={1}: ist nicht „next“ der Seite davor',
  'role=%.40s: wants shopper, staff or unknown': 'role={1}: braucht shopper, staff oder unknown',
  'there is no room for the file of visits': 'für die Datei der Besuche ist kein Platz',
  'there is no room for a file': 'für eine Datei ist kein Platz',
  'libsodium finds no source of random numbers': 'libsodium findet keine Quelle von Zufallszahlen',
  'there are no 64 MiB of memory for the password': 'für das Passwort sind keine 64 MiB Speicher da',
  'the server has too much to do: try again in a moment': 'der Server hat zu viel zu tun: Versuchen Sie es gleich noch einmal',

  'is missing': 'fehlt',
  'is empty': 'ist leer',
  'is too long': 'ist zu lang',
  "is before 'from'": 'liegt vor „from“',
  'wants a text': 'braucht einen Text',
  'wants true or false': 'braucht true oder false',
  'wants a whole number': 'braucht eine ganze Zahl',
  'wants a number': 'braucht eine Zahl',
  'wants a list of texts': 'braucht eine Liste von Texten',
  'wants an object': 'braucht ein Objekt',
  "'%.60s' is not known here; did you mean '%s'?": '„{1}“ ist hier nicht bekannt; meinten Sie „{2}“?',
  "'%.60s' is not known here": '„{1}“ ist hier nicht bekannt',
  'wants viewer, editor or admin': 'braucht viewer, editor oder admin',
  'wants read, write, admin, metrics': 'braucht read, write, admin, metrics',
  'wants one at least': 'braucht mindestens eines',
  'wants staff, shopper or unknown': 'braucht staff, shopper oder unknown',
  'wants monday, tuesday, ... sunday': 'braucht monday, tuesday, ... sunday',
  'lies under a mask in good part: who is hidden is not measured': 'liegt zu einem guten Teil unter einer Maske: Wer verdeckt ist, wird nicht gemessen',
  'reaches beyond the picture: nobody is seen there': 'reicht über das Bild hinaus: Dort wird niemand gesehen',
  'is so small that people pass it between two frames': 'ist so klein, dass Menschen zwischen zwei Bildern hindurchgehen',

  "there is no camera '%.60s'": 'eine Kamera „{1}“ gibt es nicht',
  'pictures are off for privacy': 'Bilder sind aus, zum Schutz der Privatsphäre',
  "camera '%s' has no picture now": 'Kamera „{1}“ hat gerade kein Bild',
  'a picture is shown of streams only: wants rtsp://...': 'gezeigt wird nur ein Bild von Streams: braucht rtsp://...',
  'the stream ended before its first picture': 'der Stream endete vor seinem ersten Bild',
  'the zones were changed by somebody else meanwhile: look at them again': 'jemand anders hat die Zonen inzwischen geändert: Sehen Sie sie noch einmal an',
  'the configuration was changed by somebody else meanwhile: look at it again': 'jemand anders hat die Konfiguration inzwischen geändert: Sehen Sie sie noch einmal an',
  'a camera wants a name and a source': 'eine Kamera braucht Namen und Quelle',
  "'%s' holds detections and no pictures: leave --%s out": '„{1}“ enthält Erkanntes und keine Bilder: Lassen Sie --{2} weg',
  'the store is being worked on': 'am Speicher wird gearbeitet',
  "cannot protect '%s': %s": '„{1}“ lässt sich nicht schützen: {2}',
  "cannot make the folder '%s' for a labelling set: %s": 'der Ordner „{1}“ für einen Markierungssatz lässt sich nicht anlegen: {2}',
  "cannot write '%s': %s": '„{1}“ lässt sich nicht schreiben: {2}',
  "cannot read '%s': %s": '„{1}“ lässt sich nicht lesen: {2}',
  "cannot make the folder '%s': %s": 'der Ordner „{1}“ lässt sich nicht anlegen: {2}',
  "'%s' is larger than %zu kB: is this the right file?": '„{1}“ ist größer als {2} kB: Ist das die richtige Datei?',
  'the disk is full': 'die Platte ist voll',
  "cannot write the labelling set '%s': is the disk full?": 'der Markierungssatz „{1}“ lässt sich nicht schreiben: Ist die Platte voll?',
  "it was trained on looks by '%s', these are by '%s': train it again, or give the same --reid":
    'es wurde an Aussehen nach „{1}“ gelernt, diese sind nach „{2}“: Lernen Sie es neu',
  "staff model '%s': %s": 'Personalmodell „{1}“: {2}',
  'nobody is known by the number %lld (any more)': 'unter der Nummer {1} ist niemand (mehr) bekannt',
  'there is no picture of number %lld (any more)': 'von Nummer {1} gibt es kein Bild (mehr)',
  'pictures are off for privacy: nobody can be marked': 'Bilder sind aus, zum Schutz der Privatsphäre: Niemand kann markiert werden',
  'pictures are off for privacy: nobody can be kept': 'Bilder sind aus, zum Schutz der Privatsphäre: Niemand kann aufgehoben werden',
  "there is no staff model '%.60s'": 'ein Personalmodell „{1}“ gibt es nicht',
  'no other staff model was in use before': 'zuvor war kein anderes Personalmodell in Gebrauch',
  "staff model '%s' is not what was added under this name: add it again with 'dwell staff add'":
    'Personalmodell „{1}“ ist nicht, was unter diesem Namen hinzugefügt wurde: Fügen Sie es mit „dwell staff add“ noch einmal hinzu',
  "staff model '%s' was trained on looks by '%s', these are by '%s': train it again, or see \"staff_reid\" of the configuration":
    'Personalmodell „{1}“ wurde an Aussehen nach „{2}“ gelernt, diese sind nach „{3}“: Lernen Sie es neu, oder sehen Sie nach „staff_reid“ in der Konfiguration',
  "cannot delete staff model '%s': %s": 'Personalmodell „{1}“ lässt sich nicht löschen: {2}',
  'of the last %.0f people %.0f %% look like staff (before: %.0f %%) and %.0f %% like neither (%.0f %%): has the uniform changed? Mark some anew, and train again':
    'von den letzten {1} Personen sehen {2} % wie Personal aus (zuvor: {3} %) und {4} % wie keines von beiden ({5} %): Wurde die Dienstkleidung geändert? Markieren Sie einige neu, und lernen Sie noch einmal',
  "camera '%.60s' tells no staff: %.160s": 'Kamera „{1}“ erkennt kein Personal: {2}',
  "set '%s' is of looks by '%s', these are by '%s'": 'Satz „{1}“ ist von Aussehen nach „{2}“, diese sind nach „{3}“',
  "staff model '%s' is in use: use another one first": 'Personalmodell „{1}“ ist in Gebrauch: Benutzen Sie zuerst ein anderes',
  "cannot delete '%s': %s": '„{1}“ lässt sich nicht löschen: {2}',
  'a model is being trained already': 'ein Modell wird schon gelernt',
  "name '%.60s': wants letters, digits, - and _, at most %d": 'Name „{1}“: braucht Buchstaben, Ziffern, - und _, höchstens {2}',
  'too few labels: wants %d tracks or more of staff and of shoppers that were seen well, got %zu and %zu':
    'zu wenige Markierungen: braucht vom Personal und von der Kundschaft je mindestens {1} gut Gesehene, hat {2} und {3}',
  'these staff and shoppers cannot be told apart by their looks: area under the curve %.2f +- %.2f; check the labels, or label more tracks':
    'dieses Personal und diese Kundschaft lassen sich nach Aussehen nicht unterscheiden: Fläche unter der Kurve {1} +- {2}; prüfen Sie die Markierungen, oder markieren Sie mehr',
  "users in '%s': %s": 'Benutzer in „{1}“: {2}',
  'wants a number up to 168: a week': 'braucht eine Zahl bis 168: eine Woche',
  "'%s' ends before it begins": '„{1}“ endet, bevor es beginnt',
  '--a wants --b beside it, and --b --a': 'a braucht b, und b braucht a',
  '--a and --b have days in common': 'a und b haben Tage gemeinsam',
  'wants one thing to compare: --a with --b, --zone with --against, --alternate-days, or --promotion-days':
    'braucht etwas zu vergleichen: a mit b, zone mit against, alternate-days oder promotion-days',
  '--against wants --zone: the zone that is compared': 'against braucht zone: die Zone, die verglichen wird',
  "there are several zones '%s'; say which: '%s' or '%s'": 'es gibt mehrere Zonen „{1}“; nennen Sie eine: „{2}“ oder „{3}“',
  "no zone '%s' was measured in these days": 'in diesen Tagen wurde keine Zone „{1}“ gemessen',
  "%s wants a number from %g to %g, got '%s'": '{1} braucht eine Zahl von {2} bis {3}, hat „{4}“',
  'figures of staff are off: watching staff wants a reason, and in many places their consent or an agreement; where it is allowed, give --allowed':
    'Zahlen über Personal sind aus: Personal zu beobachten braucht einen Grund, und vielerorts dessen Zustimmung oder eine Vereinbarung; wo es erlaubt ist, kreuzen Sie an, dass es erlaubt ist',
  '--min-shift and --max-shift want whole hours': 'min-shift und max-shift brauchen ganze Stunden',
  '--min-shift %d is longer than --max-shift %d': 'min-shift {1} ist länger als max-shift {2}',
  '%lld days are too many to tell apart: %d at most': '{1} Tage sind zu viele, um sie zu unterscheiden: höchstens {2}',
  'the set would end before it begins': 'der Satz würde enden, bevor er beginnt',
  "there is the set '%s' already: delete it first": 'den Satz „{1}“ gibt es schon: Löschen Sie ihn zuerst',
  'there is no labelling set': 'es gibt keinen Markierungssatz',
  "nothing was measured by camera '%s' in these hours": 'in diesen Stunden hat Kamera „{1}“ nichts gemessen',
  'there is no such visit (any more)': 'einen solchen Besuch gibt es nicht (mehr)',

  'refuses: %s': 'lehnt ab: {1}',
  'no reason given': 'ohne Grund',
  'is no camera': 'ist keine Kamera',
  'does not say what time it is': 'sagt nicht, wie spät es ist',
  'has no media service': 'hat keinen Mediendienst',
  'has no video': 'hat kein Video',
  'names no RTSP stream': 'nennt keinen RTSP-Stream',
  'names a profile that is no name': 'nennt ein Profil, das kein Name ist',
  "'%s' is no address as 192.168.1.20 or 192.168.1.20:%d": '„{1}“ ist keine Adresse wie 192.168.1.20 oder 192.168.1.20:{2}',
  'the library for random numbers does not start': 'die Bibliothek für Zufallszahlen startet nicht',
  'there is no network to ask on: is a cable plugged in?': 'da ist kein Netz, in dem zu fragen wäre: Steckt ein Kabel?',
  'does not answer within %ld s': 'antwortet nicht innerhalb von {1} s',
  'cannot be connected to': 'ist nicht zu erreichen',
  'answers with more than a camera has to say': 'antwortet mit mehr, als eine Kamera zu sagen hat',
  'wants a user and a password, or others than these': 'will Benutzer und Passwort, oder andere als diese',
  'answers with HTTP status %ld': 'antwortet mit HTTP-Status {1}',
  'the libraries for the network do not start': 'die Bibliotheken für das Netz starten nicht',
  'no memory to ask it': 'kein Speicher, um zu fragen',
  'is no answer but a flood: %zu bytes': 'ist keine Antwort, sondern eine Flut: {1} Bytes',
  'no memory to read it': 'kein Speicher, um es zu lesen',
  'is XML as no camera writes it': 'ist XML, wie es keine Kamera schreibt',
  'is no XML: line %lu: %s': 'ist kein XML: Zeile {1}: {2}',
}

/** What is wrong with a configuration or a drawing. */
const files: Sayings = {
  'wants a "kind": %s': 'braucht ein "kind": {1}',
  "kind '%.40s' is none of %s": 'Art „{1}“ ist keine von {2}',
  '"name" wants a text of 1 to %zu bytes': '"name" braucht einen Text von 1 bis {1} Bytes',
  'an alert of kind %s wants "%s"': 'ein Alarm der Art {1} braucht "{2}"',
  'an alert of kind %s has no "%s"; remove it': 'ein Alarm der Art {1} hat kein "{2}"; entfernen Sie es',
  '"%s" wants %s from %g to %g': '"{1}" braucht {2} von {3} bis {4}',
  'a whole number': 'eine ganze Zahl',
  seconds: 'Sekunden',
  "unknown key '%.80s'; did you mean '%s'?": 'unbekannter Schlüssel „{1}“; meinten Sie „{2}“?',
  "unknown key '%.80s'": 'unbekannter Schlüssel „{1}“',
  'wants an object like {"kind": "dwell", "for": 600}': 'braucht ein Objekt wie {"kind": "dwell", "for": 600}',
  '"clear_below" is %d; it wants a number up to "people", which is %d': '"clear_below" ist {1}; es braucht eine Zahl bis "people", das ist {2}',
  '"hours" has more than %d parts': '"hours" hat mehr als {1} Teile',
  '"hours" is \'%.60s\'; write it like mon-sat 09:00-20:00, sun 11:00-16:00': '"hours" ist „{1}“; schreiben Sie es wie mon-sat 09:00-20:00, sun 11:00-16:00',
  '"hours" is \'%.60s\'; write a comma before \'%.20s\'': '"hours" ist „{1}“; schreiben Sie ein Komma vor „{2}“',
  'is no JSON: line %d: %s': 'ist kein JSON: Zeile {1}: {2}',
  "there is no setting '%s'; did you mean '%s'?": 'eine Einstellung „{1}“ gibt es nicht; meinten Sie „{2}“?',
  "there is no setting '%s'; 'dwell analyze --help' lists them": 'eine Einstellung „{1}“ gibt es nicht; die Hilfe von „dwell analyze“ nennt sie',
  "'%.80s' is no setting: write it like zone.grace=1": '„{1}“ ist keine Einstellung: Schreiben Sie sie wie zone.grace=1',
  "setting '%s': '%s' is none of footprint, bottom_center, center": 'Einstellung „{1}“: „{2}“ ist keines von footprint, bottom_center, center',
  "setting '%s' wants a number, got '%s'": 'Einstellung „{1}“ braucht eine Zahl, hat „{2}“',
  "setting '%s' wants %g to %g, got %s": 'Einstellung „{1}“ braucht {2} bis {3}, hat {4}',
  "setting '%s' wants a whole number, got %s": 'Einstellung „{1}“ braucht eine ganze Zahl, hat {2}',
  "setting '%s' wants a number or a name": 'Einstellung „{1}“ braucht eine Zahl oder einen Namen',
  'line %d: %s': 'Zeile {1}: {2}',
  "'%s' wants %s": '„{1}“ braucht {2}',
  'an item': 'ein Eintrag',
  "%s, got '%s'": '{1}, hat „{2}“',
  "'%s' wants a name of the environment in ${...}": '„{1}“ braucht einen Namen aus der Umgebung in ${...}',
  "'%s' wants ${%s}, which is not set: set it in the environment of the program":
    '„{1}“ braucht ${{2}}, was nicht gesetzt ist: Setzen Sie es in der Umgebung des Programms',
  "unknown key '%.60s'; did you mean '%s'?": 'unbekannter Schlüssel „{1}“; meinten Sie „{2}“?',
  "unknown key '%.60s'; there are %s": 'unbekannter Schlüssel „{1}“; es gibt {2}',
  "'%s' wants names with values, like '%s: ...'": '„{1}“ braucht Namen mit Werten, wie „{2}: ...“',
  'the file': 'die Datei',
  "'tls' wants both 'certificate' and 'key'": '„tls“ braucht „certificate“ und „key“',
  "a camera wants a 'name'": 'eine Kamera braucht „name“',
  "camera '%s' wants a 'source': a file, http://..., rtsp://... or v4l2:///dev/video0": 'Kamera „{1}“ braucht „source“: eine Datei, http://..., rtsp://... oder v4l2:///dev/video0',
  "camera '%s': only a file can be played in a 'loop'": 'Kamera „{1}“: Nur eine Datei lässt sich mit „loop“ wiederholen',
  "two cameras are called '%s'; rename one": 'zwei Kameras heißen „{1}“; benennen Sie eine um',
  '%zu cameras; at most %d are possible': '{1} Kameras; höchstens {2} sind möglich',
  'is no YAML': 'ist kein YAML',
  "'%s' wants a single value": '„{1}“ braucht einen einzelnen Wert',
  'wants the name of a setting': 'braucht den Namen einer Einstellung',
  "wants settings like 'zone: {grace: 1}'": 'braucht Einstellungen wie „zone: {grace: 1}“',
  'out of memory': 'kein Speicher mehr',
  'write the first key by hand': 'schreiben Sie den ersten Schlüssel von Hand',
  "'%s' is no single value: change it by hand": '„{1}“ ist kein einzelner Wert: Ändern Sie es von Hand',
  'cannot be changed without touching more than that: it is laid out in an unusual way; change it by hand':
    'lässt sich nicht ändern, ohne mehr zu berühren: Es ist ungewöhnlich geschrieben; ändern Sie es von Hand',
  "there is no item %zu of '%s'": 'einen Eintrag {1} von „{2}“ gibt es nicht',
  'anchors (&) and tags (!) are not understood here': 'Anker (&) und Tags (!) werden hier nicht verstanden',
  "wants a name before the ':'": 'braucht einen Namen vor dem „:“',
  'a name holds the character 0': 'ein Name enthält das Zeichen 0',
  "'%.60s' stands in line %d already": '„{1}“ steht schon in Zeile {2}',
  'a value holds the character 0': 'ein Wert enthält das Zeichen 0',
  'is nested too deep': 'ist zu tief geschachtelt',
  'aliases (*) are not understood here': 'Verweise (*) werden hier nicht verstanden',
  'wants a value': 'braucht einen Wert',
  'holds a second document; one is enough': 'enthält ein zweites Dokument; eines genügt',
  'holds %zu bytes; at most %d are read': 'enthält {1} Bytes; höchstens {2} werden gelesen',
  'wants a "name"': 'braucht einen "name"',
  "the name '%.20s...' is longer than %d bytes": 'der Name „{1}...“ ist länger als {2} Bytes',
  "%s is %g; coordinates go from 0 to 1 (share of the picture's width or height, not pixels)":
    '{1} ist {2}; Koordinaten gehen von 0 bis 1 (Anteil an Breite oder Höhe des Bildes, keine Pixel)',
  'x of corner %zu': 'x der Ecke {1}',
  'y of corner %zu': 'y der Ecke {1}',
  'x of its %s': 'x des Punkts „{1}“',
  'y of its %s': 'y des Punkts „{1}“',
  'corner %zu wants two numbers like [0.25, 0.6]': 'Ecke {1} braucht zwei Zahlen wie [0.25, 0.6]',
  'corner %zu is repeated; remove one of the two': 'Ecke {1} steht zweimal da; entfernen Sie eine',
  'the polygon crosses itself; list the corners in order around the zone': 'die Seiten kreuzen sich; nennen Sie die Ecken der Reihe nach um die Zone herum',
  'the polygon has no area; its corners lie on one line': 'das Vieleck hat keine Fläche; seine Ecken liegen auf einer Linie',
  'wants a "polygon" like [[x,y],[x,y],[x,y],[x,y]]': 'braucht ein "polygon" wie [[x,y],[x,y],[x,y],[x,y]]',
  'has %zu corners; at most %d are possible': 'hat {1} Ecken; höchstens {2} sind möglich',
  'a polygon wants 3 corners or more, got %zu': 'ein Vieleck braucht mindestens 3 Ecken, hat {1}',
  'the polygon is not closed; repeat its first corner [%g, %g] at the end': 'das Vieleck ist nicht geschlossen; wiederholen Sie seine erste Ecke [{1}, {2}] am Ende',
  '"focus" wants footprint, bottom_center or center': '"focus" braucht footprint, bottom_center oder center',
  'each of "events" wants a "type"': 'jedes von "events" braucht einen "type"',
  "unknown event type '%.80s'; did you mean '%s'?": 'unbekannte Art von Ereignis „{1}“; meinten Sie „{2}“?',
  '"events" wants a list': '"events" braucht eine Liste',
  '"staff" wants true, false, hours, or seconds from 1 to %d': '"staff" braucht true, false, Zeiten, oder Sekunden von 1 bis {1}',
  '"target_side" wants an edge number from 1 to %zu': '"target_side" braucht die Nummer einer Seite von 1 bis {1}',
  "zone '%s': %s": 'Zone „{1}“: {2}',
  "line '%s': %s": 'Linie „{1}“: {2}',
  "mask '%s': %s": 'Maske „{1}“: {2}',
  'zone %zu: %s': 'Zone {1}: {2}',
  'mask %zu: %s': 'Maske {1}: {2}',
  'alert %zu: %s': 'Alarm {1}: {2}',
  'two alerts are called \'%s\'; give one another "name"': 'zwei Alarme heißen „{1}“; geben Sie einem einen anderen "name"',
  '"alerts" wants a list of at most %d': '"alerts" braucht eine Liste von höchstens {1}',
  'wants "line": {"start": {"x","y"}, "end": ...}': 'braucht "line": {"start": {"x","y"}, "end": ...}',
  'start and end are the same point': 'Anfang und Ende sind derselbe Punkt',
  "two zones are called '%s'; rename one": 'zwei Zonen heißen „{1}“; benennen Sie eine um',
  "two lines are called '%s'; rename one": 'zwei Linien heißen „{1}“; benennen Sie eine um',
  'wants {"zones": [...]} with a list of zones': 'braucht {"zones": [...]} mit einer Liste von Zonen',
  'has %zu zones, lines and masks; at most %d of each are possible': 'hat {1} Zonen, Linien und Masken; je höchstens {2} sind möglich',
  'has neither zones nor lines; draw one': 'hat weder Zonen noch Linien; zeichnen Sie eine',
}

/** What a store says of itself. */
const stores: Sayings = {
  "store '%s': %s": 'Speicher „{1}“: {2}',
  "store '%s' is no file: copy it with pg_dump": 'Speicher „{1}“ ist keine Datei: Kopieren Sie ihn mit pg_dump',
  'visits or crossings were pruned, so that roll-ups cannot be made from them; bring back a copy instead':
    'Besuche oder Übertritte wurden gelöscht, die Summen lassen sich nicht aus ihnen bilden; spielen Sie eine Kopie zurück',
  'a roll-up is damaged: mend it with dwell store rebuild': 'eine Summe ist beschädigt: Reparieren Sie sie mit dwell store rebuild',
  "zone '%s' has more than %d corners": 'Zone „{1}“ hat mehr als {2} Ecken',
  "store '%s' holds a visit with end reason '%s' and role '%s', which this dwell does not know: update dwell":
    'Speicher „{1}“ enthält einen Besuch mit Ende „{2}“ und Rolle „{3}“, die dieses Dwell nicht kennt: Aktualisieren Sie Dwell',
  "store '%s' holds visits measured with '%s', which this dwell does not know: update dwell":
    'Speicher „{1}“ enthält Besuche, gemessen mit „{2}“, was dieses Dwell nicht kennt: Aktualisieren Sie Dwell',
  "store '%s' holds an alert of kind '%s' with end '%s', which this dwell does not know: update dwell":
    'Speicher „{1}“ enthält einen Alarm der Art „{2}“ mit Ende „{3}“, die dieses Dwell nicht kennt: Aktualisieren Sie Dwell',
  'the foot track of person %lld in run %lld is damaged; analyze its source again': 'die Fußspur der Person {1} in Lauf {2} ist beschädigt; werten Sie die Quelle neu aus',
  "store '%s' holds a visit of run %lld to zone %lld that cannot be counted: analyze its source again":
    'Speicher „{1}“ enthält einen Besuch aus Lauf {2} in Zone {3}, der nicht zu zählen ist: Werten Sie die Quelle neu aus',
  "zone '%s' is there twice: give each its own name": 'Zone „{1}“ steht zweimal da: Geben Sie jeder einen eigenen Namen',
  "store '%s' has visits of another site '%s': choose another name": 'Speicher „{1}“ hat Besuche eines anderen Standorts „{2}“: Wählen Sie einen anderen Namen',
  'run %lld was not begun by this program': 'Lauf {1} wurde nicht von diesem Programm begonnen',
  'a visit to zone %d of %zu': 'ein Besuch in Zone {1} von {2}',
  'a crossing of line %d of %zu': 'ein Übertritt an Linie {1} von {2}',
  "store '%s' is being read: what was deleted stays in its log until the readers end; prune again then":
    'Speicher „{1}“ wird gerade gelesen: Gelöschtes bleibt in seinem Protokoll, bis das Lesen endet; löschen Sie dann noch einmal',
  "copy '%s' cannot be written: %s": 'die Kopie „{1}“ lässt sich nicht schreiben: {2}',
  "copy '%s' is there already: name a new file": 'die Kopie „{1}“ gibt es schon: Nennen Sie eine neue Datei',
  "store '%s' is not a Dwell store%s: give the path of one, or of a new file": '„{1}“ ist kein Speicher von Dwell{2}: Nennen Sie den Pfad eines solchen oder einer neuen Datei',
  ' (it is empty)': ' (sie ist leer)',
  " but another program's database": ', sondern die Datenbank eines anderen Programms',
  "store '%s' was written by a newer dwell (format %lld, this one knows up to %lld): update dwell":
    'Speicher „{1}“ wurde von einem neueren Dwell geschrieben (Format {2}, dieses kennt bis {3}): Aktualisieren Sie Dwell',
  "store '%s' was written by an older dwell (format %lld, this one reads %lld): run dwell analyze with --store once to update it":
    'Speicher „{1}“ wurde von einem älteren Dwell geschrieben (Format {2}, dieses liest {3}): Lassen Sie einmal dwell analyze mit --store laufen, um ihn zu erneuern',
  'no store of that kind; give the path of a file': 'einen Speicher dieser Art gibt es nicht; nennen Sie den Pfad einer Datei',
  'transactions do not nest': 'Transaktionen lassen sich nicht schachteln',
  'what failed cannot be committed; roll back': 'was misslang, lässt sich nicht abschließen; nehmen Sie es zurück',
  "'%s' is no time of a visit": '„{1}“ ist keine Zeit eines Besuchs',
  "another dwell is writing to store '%s': wait for it to end, or name another %s":
    'ein anderes Dwell schreibt in den Speicher „{1}“: Warten Sie, bis es endet, oder nennen Sie einen anderen',
  "store '%s' cannot be reached: see whether the server runs and the address is right (%s)":
    'Speicher „{1}“ ist nicht zu erreichen: Sehen Sie nach, ob der Server läuft und die Adresse stimmt ({2})',
  "no such store '%s': make one with dwell analyze --store": 'einen Speicher „{1}“ gibt es nicht: Legen Sie ihn mit dwell analyze --store an',
  "store '%s' is not a file: name a file": 'Speicher „{1}“ ist keine Datei: Nennen Sie eine',
  "store '%s' cannot be opened: %s": 'Speicher „{1}“ lässt sich nicht öffnen: {2}',
  "store '%s' has no file name: name a file": 'Speicher „{1}“ hat keinen Dateinamen: Nennen Sie eine Datei',
  "there is no folder '%s'; make it first": 'einen Ordner „{1}“ gibt es nicht; legen Sie ihn zuerst an',
  "store '%s' cannot be written: its folder says %s": 'in den Speicher „{1}“ lässt sich nicht schreiben: Sein Ordner meldet {2}',
  "store '%s' cannot be written: give it write permission, or name another file":
    'in den Speicher „{1}“ lässt sich nicht schreiben: Erlauben Sie es, oder nennen Sie eine andere Datei',
  "store ':memory:' holds nothing to read: name a file": 'im Speicher „:memory:“ ist nichts zu lesen: Nennen Sie eine Datei',
}

export const said: Sayings = { ...reports, ...tables, ...cameras, ...refusals, ...files, ...stores }
