//! Words that people build passwords from. Facts that every published study of leaked passwords agrees on, put
//! together by us; the rules in [`super::common`] make thousands of passwords of them.

/// Lower-case words, without digits and signs.
pub(super) const WORDS: &[&str] = &[
    // what the form asks for
    "password", "passwort", "passphrase", "passcode", "passwd", "pass", "word", "pwd", "secret", "geheim", "login",
    "logon", "signin", "access", "admin", "administrator", "root", "user", "username", "guest", "test", "testing",
    "tester", "demo", "sample", "example", "default", "changeme", "change", "please", "temp", "temporary", "initial",
    "system", "server", "database", "master", "super", "superuser", "manager", "office", "company", "corporate",
    "security", "secure", "officer", "wardkeep", "ward", "keep", "backup", "service", "support", "helpdesk", "internet",
    "network", "computer", "laptop", "windows", "linux", "oracle", "cisco", "google", "apple", "microsoft", "samsung",
    "android", "iphone", "facebook", "youtube", "amazon", "yahoo", "gmail", "hotmail", "cloud", "azure", "github",
    "letmein", "letme", "openup", "open", "sesame", "opensesame", "welcome", "willkommen", "hello", "hallo", "bonjour",
    "goodbye", "iloveyou", "iloveu", "loveyou", "love", "lover", "lovely", "ilove", "you", "me", "my", "the", "mine", "is",
    "this", "and", "for", "not", "new", "old", "one", "two", "nothing", "whatever", "trust", "trustno", "nobody",
    // creatures, heroes, games
    "dragon", "monkey", "tiger", "lion", "eagle", "falcon", "panther", "wolf", "bear", "horse", "dolphin", "shark",
    "kitty", "cat", "dog", "doggy", "puppy", "bunny", "rabbit", "chicken", "turtle", "snake", "spider", "butterfly",
    "unicorn", "phoenix", "batman", "superman", "spiderman", "ironman", "starwars", "jedi", "yoda", "vader", "pokemon",
    "pikachu", "naruto", "mario", "zelda", "minecraft", "fortnite", "warcraft", "gandalf", "hobbit", "matrix", "merlin",
    "wizard", "ninja", "samurai", "pirate", "knight", "warrior", "hunter", "ranger", "killer", "legend", "hero", "ghost",
    "shadow", "angel", "devil", "demon", "jesus", "christ", "heaven", "hell", "god", "lucifer", "magic", "mystic",
    // people and closeness
    "michael", "jennifer", "jessica", "jordan", "ashley", "daniel", "david", "robert", "thomas", "andrew", "joshua",
    "matthew", "anthony", "william", "charlie", "george", "harley", "maggie", "nicole", "samantha", "amanda", "michelle",
    "alexander", "maria", "anna", "peter", "martin", "stefan", "andrea", "sandra", "sabrina", "patrick", "richard",
    "princess", "prince", "queen", "king", "baby", "babygirl", "babyboy", "honey", "sweetie", "sweet", "darling", "mother",
    "father", "mama", "papa", "family", "friend", "friends", "forever", "together", "beautiful", "gorgeous", "sexy",
    // sport, music, things
    "football", "fussball", "soccer", "baseball", "basketball", "hockey", "tennis", "golf", "player", "arsenal",
    "chelsea", "liverpool", "manchester", "barcelona", "madrid", "bayern", "schalke", "dortmund", "juventus", "lakers",
    "yankees", "cowboys", "steelers", "eagles", "ferrari", "porsche", "mercedes", "mustang", "corvette", "yamaha",
    "harleydavidson", "metallica", "nirvana", "slipknot", "guitar", "music", "drummer", "rocknroll", "hiphop", "disco",
    "chocolate", "cookie", "banana", "orange", "cherry", "strawberry", "peaches", "pepper", "ginger", "coffee", "cheese",
    "pizza", "whisky", "sunshine", "flower", "flowers", "rainbow", "diamond", "silver", "golden", "gold", "purple",
    "yellow", "green", "black", "white", "blue", "red", "pink", "ocean", "river", "mountain", "forest", "garden", "summer",
    "sommer", "winter", "spring", "autumn", "herbst", "fall", "monday", "friday", "sunday", "saturday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "christmas", "holiday", "vacation", "freedom", "liberty", "peace", "power", "energy", "thunder", "lightning", "storm",
    "fire", "water", "earth", "moon", "star", "stars", "galaxy", "planet", "universe", "america", "germany", "deutschland",
    "england", "london", "berlin", "paris", "newyork", "texas", "canada", "australia", "india", "brasil", "hospital",
    "clinic", "bank", "insurance", "finance", "money", "dollar", "euro", "bitcoin", "crypto", "lucky", "happy", "smile",
    "cool", "awesome", "perfect", "success", "winner", "champion", "number", "qwerty", "qwertz", "azerty", "asdf", "abc",
];
