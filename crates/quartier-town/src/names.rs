use crate::{dice::Dice, noise::scramble};

const STEMS: &[&str] = &[
    "Ahorn",
    "Amsel",
    "Apfel",
    "Bach",
    "Birken",
    "Blumen",
    "Brücken",
    "Brunnen",
    "Buchen",
    "Burg",
    "Dahlien",
    "Deich",
    "Dohlen",
    "Dorn",
    "Drossel",
    "Eichen",
    "Eisvogel",
    "Erlen",
    "Eschen",
    "Falken",
    "Feld",
    "Fichten",
    "Finken",
    "Flachs",
    "Flieder",
    "Garten",
    "Ginster",
    "Glocken",
    "Hafer",
    "Hasel",
    "Heide",
    "Himbeer",
    "Hirten",
    "Holunder",
    "Hopfen",
    "Jäger",
    "Kamillen",
    "Kastanien",
    "Kiefern",
    "Kirsch",
    "Klee",
    "Korn",
    "Kranich",
    "Lärchen",
    "Lavendel",
    "Lerchen",
    "Linden",
    "Löwen",
    "Mühlen",
    "Meisen",
    "Mohn",
    "Moor",
    "Nelken",
    "Nuss",
    "Pappel",
    "Pfauen",
    "Quellen",
    "Raben",
    "Reiher",
    "Roggen",
    "Rosen",
    "Salbei",
    "Sand",
    "Schaf",
    "Schilf",
    "Schlehen",
    "Schwalben",
    "Sonnen",
    "Sperber",
    "Stein",
    "Tannen",
    "Teich",
    "Tulpen",
    "Ulmen",
    "Veilchen",
    "Wacholder",
    "Wald",
    "Weiden",
    "Weizen",
    "Wiesen",
];

const ENDS: &[&str] = &[
    "straße", "weg", "gasse", "pfad", "kamp", "grund", "hang", "stieg", "winkel", "allee", "bogen",
    "ring",
];

const FIRST_NAMES: &[&str] = &[
    "Adele",
    "Albert",
    "Anna",
    "August",
    "Bertha",
    "Clemens",
    "Dora",
    "Eduard",
    "Elise",
    "Emil",
    "Ferdinand",
    "Frieda",
    "Georg",
    "Gustav",
    "Hedwig",
    "Heinrich",
    "Hermine",
    "Ida",
    "Jakob",
    "Johanna",
    "Karl",
    "Klara",
    "Leopold",
    "Lina",
    "Ludwig",
    "Luise",
    "Martha",
    "Mathilde",
    "Max",
    "Minna",
    "Oskar",
    "Ottilie",
    "Paul",
    "Pauline",
    "Robert",
    "Rosa",
    "Theodor",
    "Thea",
    "Ulrich",
    "Viktor",
];

const SURNAMES: &[&str] = &[
    "Althoff",
    "Ampel",
    "Bergmann",
    "Borchers",
    "Brand",
    "Brüning",
    "Dahlke",
    "Dornseif",
    "Ebeling",
    "Eickhoff",
    "Feldmann",
    "Förster",
    "Gerdes",
    "Grote",
    "Hagedorn",
    "Hellweg",
    "Hölscher",
    "Imhof",
    "Jansing",
    "Kallenberg",
    "Kersting",
    "Kleine",
    "Lammers",
    "Lindhorst",
    "Mackenbrock",
    "Meiering",
    "Niehues",
    "Nordhoff",
    "Ostendorf",
    "Pohlkamp",
    "Quante",
    "Rehbein",
    "Rolfing",
    "Sandkuhl",
    "Schulteweg",
    "Steinkamp",
    "Tewes",
    "Uhlenbrock",
    "Vennemann",
    "Wessling",
];

/// Streets out of town and around it are named for where they lead.
const ROADS: &[&str] = &[
    "Promenade",
    "Altenrader Straße",
    "Brookhauser Straße",
    "Dornfelder Straße",
    "Eschendorfer Straße",
    "Falkenroder Straße",
    "Grünwalder Straße",
    "Hohenbrücker Straße",
    "Kirchauer Straße",
    "Lindenborner Straße",
    "Moorhagener Straße",
    "Neuenfelder Straße",
    "Osterkamper Straße",
    "Rosenthaler Straße",
    "Steinauer Straße",
    "Weidenbacher Straße",
    "Nordring",
    "Ostring",
    "Südring",
    "Westring",
    "Hansaring",
    "Friedensallee",
    "Bahnhofstraße",
    "Hafenstraße",
    "Kanalstraße",
    "Schlossallee",
    "Kaiserallee",
    "Parkallee",
    "Ringstraße",
    "Marienstraße",
];

const TOWN_STARTS: &[&str] = &[
    "Alten", "Birken", "Brook", "Dorn", "Eschen", "Falken", "Grün", "Hohen", "Kirch", "Linden",
    "Moor", "Neuen", "Oster", "Rosen", "Stein", "Weiden",
];

const TOWN_ENDS: &[&str] = &[
    "rade", "hausen", "felde", "dorf", "rode", "walde", "brück", "au", "born", "hagen", "kamp",
    "thal", "bach", "büttel", "stedt", "wik",
];

const SUBURBS: &[&str] = &[
    "Kirchfeld",
    "Mühlenkamp",
    "Lindenhof",
    "Sandberg",
    "Auetal",
    "Heidhorst",
    "Rosengarten",
    "Steinfurth",
    "Birkenheide",
    "Hafenviertel",
    "Schlossviertel",
    "Kreuzviertel",
    "Eichwald",
    "Wiesengrund",
    "Erlenbruch",
    "Sonnenhang",
    "Kaiserhof",
    "Klostergut",
    "Vogelsang",
    "Ziegelei",
    "Bergfried",
    "Moorkate",
    "Weidenau",
    "Fuchsbau",
    "Galgenberg",
    "Hasenheide",
    "Königsbusch",
    "Nordmark",
    "Ostfeld",
    "Papenbusch",
    "Quellhorst",
    "Rabennest",
    "Südmark",
    "Tannenhof",
    "Uhlenhorst",
    "Voßkuhle",
    "Westerholt",
    "Zollhaus",
    "Bleichfeld",
    "Dreieich",
    "Fährhaus",
    "Gutenhof",
    "Hopfengarten",
    "Jägerhof",
    "Kohlhof",
    "Lerchenberg",
    "Marienthal",
    "Neuland",
];

const SAINTS: &[&str] = &[
    "St. Martin",
    "St. Marien",
    "St. Nikolai",
    "St. Jakobi",
    "St. Petri",
    "St. Georg",
    "Christuskirche",
    "Kreuzkirche",
    "Friedenskirche",
    "Erlöserkirche",
];

/// The name of a town's `number`th street that is no main street; no two are the same.
pub(crate) fn street(town: u64, number: u64) -> String {
    let plain = (STEMS.len() * ENDS.len()) as u64;
    let people = (FIRST_NAMES.len() * SURNAMES.len()) as u64;
    let all = plain + people;
    // 1009 is a prime that divides neither count, so the walk meets every name once.
    let pick = (scramble(town) % all + number * 1009) % all;
    let again = match number / all {
        0 => String::new(),
        round => format!(" {}", round + 1),
    };
    if pick < plain {
        let (stem, end) = (pick as usize % STEMS.len(), pick as usize / STEMS.len());
        return format!("{}{}{again}", STEMS[stem], ENDS[end]);
    }
    let person = (pick - plain) as usize;
    let (first, last) = (person % FIRST_NAMES.len(), person / FIRST_NAMES.len());
    format!("{}-{}-Straße{again}", FIRST_NAMES[first], SURNAMES[last])
}

/// The name of a road: of the `number`th, counted from 1, of those that lead out of town or around it.
pub(crate) fn road(number: usize) -> Option<&'static str> {
    ROADS.get(number).copied()
}

pub(crate) fn town(seed: u64, town: u64) -> String {
    let all = (TOWN_STARTS.len() * TOWN_ENDS.len()) as u64;
    let pick = ((scramble(seed) % all + town * 101) % all) as usize;
    let again = if town < all { String::new() } else { format!(" {}", town / all + 1) };
    format!(
        "{}{}{again}",
        TOWN_STARTS[pick % TOWN_STARTS.len()],
        TOWN_ENDS[pick / TOWN_STARTS.len()]
    )
}

pub(crate) fn suburb(town: u64, number: usize) -> String {
    let pick = (scramble(town) as usize % SUBURBS.len() + number * 5) % SUBURBS.len();
    match number / SUBURBS.len() {
        0 => SUBURBS[pick].to_owned(),
        round => format!("{} {}", SUBURBS[pick], round + 1),
    }
}

pub(crate) fn church(dice: &mut Dice) -> String {
    dice.pick(SAINTS).to_owned()
}

pub(crate) fn school(dice: &mut Dice) -> String {
    let kind = dice.pick(&["Grundschule", "Gesamtschule", "Gymnasium", "Realschule"]);
    format!("{}-{}-{kind}", dice.pick(FIRST_NAMES), dice.pick(SURNAMES))
}

pub(crate) fn kindergarten(dice: &mut Dice) -> String {
    format!(
        "Kita {}",
        dice.pick(&[
            "Sonnenschein",
            "Regenbogen",
            "Pusteblume",
            "Löwenzahn",
            "Spatzennest",
            "Wirbelwind"
        ])
    )
}
