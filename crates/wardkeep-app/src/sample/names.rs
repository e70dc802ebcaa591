//! Names of people who do not exist.

/// Given names.
#[rustfmt::skip] // one row a line
pub(super) const GIVEN: [&str; 96] = [
    "Aaron", "Adele", "Agnes", "Alina", "Amara", "Anders", "Andrea", "Anton", "Astrid", "Aurel", "Bianca", "Bogdan", "Brigitte",
    "Caleb", "Camila", "Carsten", "Cecilia", "Chiara", "Corinna", "Damian", "Daphne", "Dario", "Delia", "Dominik", "Edith",
    "Elias", "Elina", "Emil", "Esther", "Fabian", "Felicia", "Finn", "Franka", "Frida", "Gabriel", "Gideon", "Gloria", "Hanna",
    "Harriet", "Heiko", "Helena", "Hugo", "Ida", "Ilona", "Imogen", "Isaac", "Ivana", "Jasper", "Joanna", "Joel", "Judith",
    "Kaspar", "Kerstin", "Klara", "Lars", "Leander", "Leonie", "Lidia", "Lorenz", "Magda", "Malik", "Marit", "Martha", "Mateo",
    "Milan", "Mira", "Naomi", "Nils", "Nora", "Oliver", "Olga", "Otto", "Paula", "Per", "Philippa", "Quentin", "Ramona", "Regina",
    "Robin", "Rosa", "Rupert", "Samuel", "Selma", "Sigrid", "Stella", "Sven", "Tabea", "Tamara", "Theo", "Tilda", "Ursula", "Valentin",
    "Vera", "Viktor", "Wanda", "Willa",
];

/// Family names.
#[rustfmt::skip] // one row a line
pub(super) const FAMILY: [&str; 110] = [
    "Abendroth", "Adair", "Albers", "Amsel", "Ashdown", "Bachmair", "Balfour", "Barlow", "Beckstein", "Bellamy", "Bergdahl", "Bertram",
    "Birkner", "Blakely", "Bohnsack", "Brackett", "Brenner", "Burkart", "Cardozo", "Carver", "Castelli", "Chandler", "Corvin", "Crane",
    "Dahlke", "Danforth", "Delacroix", "Dietz", "Dragomir", "Eberle", "Edwall", "Eichner", "Ellery", "Engstrom", "Falk", "Farkas",
    "Fenwick", "Fiedler", "Forsberg", "Frantz", "Garrison", "Gerlach", "Giordano", "Goldner", "Granger", "Gruber", "Hagedorn", "Hallberg",
    "Harding", "Hartwig", "Hellwig", "Hensley", "Holub", "Horvath", "Iversen", "Jablonski", "Jansky", "Jessen", "Kaltenbach", "Keating",
    "Kessler", "Kirchner", "Kowal", "Kranz", "Kubik", "Landis", "Larkin", "Lehner", "Lockhart", "Lorenzen", "Maddox", "Mahler",
    "Marchetti", "Merrill", "Moreau", "Neumeister", "Nyberg", "Oakley", "Ostrander", "Paulsen", "Pedroni", "Petrov", "Pfister", "Quast",
    "Radford", "Rahimi", "Reinhold", "Ridgeway", "Rossi", "Sandoval", "Saunders", "Schilling", "Sedlak", "Sheridan", "Sommer", "Steiner",
    "Sutter", "Tanner", "Thielen", "Tolland", "Ulrich", "Varga", "Vogler", "Wachter", "Weston", "Wickham", "Winther", "Yates",
    "Zeller", "Zimmer",
];

/// Jobs by sort of unit; the first one is held by the fewest.
pub(super) fn jobs(unit: &str) -> &'static [&'static str] {
    match unit {
        "acute" => &[
            "Senior physician",
            "Physician",
            "Nurse",
            "Nurse",
            "Nurse",
            "Paramedic",
            "Medical assistant",
            "Ward secretary",
        ],
        "surgery" => &[
            "Senior surgeon",
            "Surgeon",
            "Anaesthetist",
            "Theatre nurse",
            "Theatre nurse",
            "Nurse",
            "Technician",
            "Ward secretary",
        ],
        "lab" => &[
            "Senior radiologist",
            "Radiologist",
            "Radiographer",
            "Laboratory technician",
            "Laboratory technician",
            "Biologist",
            "Archivist",
        ],
        "brinkau" => &[
            "Senior physician",
            "Physician",
            "Nurse",
            "Medical assistant",
            "Receptionist",
            "Physiotherapist",
        ],
        "north" | "pine" => &[
            "Lead physician",
            "Physician",
            "Nurse practitioner",
            "Registered nurse",
            "Medical assistant",
            "Front desk",
            "Billing specialist",
        ],
        "claims" => &[
            "Team lead claims",
            "Claims handler",
            "Claims handler",
            "Policy administrator",
            "Member adviser",
            "Actuarial analyst",
        ],
        "insurer" => {
            &["Chief actuary", "Compliance officer", "Accountant", "Product manager", "Broker adviser"]
        }
        "it" => &[
            "Architect",
            "System administrator",
            "Network engineer",
            "Database administrator",
            "Software developer",
            "Service desk agent",
            "Service desk agent",
            "Cloud engineer",
        ],
        "clinics" => &[
            "Director of operations",
            "Billing manager",
            "Billing specialist",
            "Human resources specialist",
            "Accountant",
            "Office manager",
        ],
        "hospital" => &[
            "Head of nursing",
            "Controller",
            "Human resources adviser",
            "Quality manager",
            "Facility technician",
            "Medical technician",
            "Buyer",
            "Secretary",
        ],
        _ => &[
            "Head of communications",
            "Legal counsel",
            "Controller",
            "Internal auditor",
            "Assistant to the board",
        ],
    }
}
