//! Records, people and tokens through the command line.

use crate::support::{Place, evidence};

#[test]
fn people_tokens_and_records_come_and_go() {
    let place = Place::new();
    let folder = evidence(&place);
    place.json(0, &["assess", folder.to_str().unwrap()]);

    let added =
        place.json(0, &["user", "add", "anna@example.org", "--name", "Anna Berg", "--role", "officer"]);
    assert!(added["link"].as_str().unwrap().contains("/link/"));
    assert_eq!(place.json(3, &["user", "add", "ben@example.org"])["error"]["code"], "name");
    place.json(0, &["user", "grant", "anna@example.org", "analyst", "--reason", "on call"]);
    let listed = place.json(0, &["user", "list"]);
    assert_eq!(listed["users"][0]["roles"].as_array().unwrap().len(), 2, "{listed}");
    place.json(0, &["user", "revoke", "anna@example.org", "analyst"]);
    assert_eq!(
        place.json(3, &["user", "revoke", "anna@example.org", "analyst"])["error"]["code"],
        "no_grant"
    );
    assert_eq!(
        place.json(3, &["user", "grant", "anna@example.org", "analyst", "--unit", "Moon"])["error"]["code"],
        "unknown_unit"
    );
    assert_eq!(place.run(&["user", "grant", "anna@example.org", "king"]).exit, 2);
    assert_eq!(
        place.json(0, &["user", "disable", "anna@example.org", "--reason", "left"])["state"],
        "suspended"
    );
    assert_eq!(
        place.json(0, &["user", "enable", "anna@example.org", "--reason", "back"])["state"],
        "invited"
    );
    assert!(place.json(0, &["user", "link", "anna@example.org"])["link"].is_string());

    let token = place.json(0, &["token", "add", "CI", "--scope", "import:add", "--scope", "finding:view"]);
    let secret = token["token"].as_str().unwrap().to_owned();
    let listed = place.run(&["token", "list", "--json"]).out;
    assert!(listed.contains("finding:view import:add") && !listed.contains(&secret), "{listed}");
    assert_eq!(place.json(0, &["token", "revoke", &secret])["revoked"], true);
    assert_eq!(place.json(0, &["token", "list"])["tokens"].as_array().unwrap().len(), 0);

    place.write(
        "people.csv",
        "name,email,employment\nBen Okoro,ben@example.org,employee\n,nobody@example.org,employee\n",
    );
    let staged = place.json(0, &["import", "people.csv"]);
    assert_eq!(staged["import"]["counts"]["applied"], 0, "{staged}");
    let applied = place.json(0, &["import", "people.csv", "--apply"]);
    assert_eq!(
        (&applied["import"]["counts"]["add"], &applied["import"]["counts"]["refused"]),
        (&1.into(), &1.into()),
        "{applied}"
    );
    assert_eq!(
        place.json(3, &["import", "people.csv", "--register", "moons"])["error"]["code"],
        "unknown_register"
    );

    let exported = place.json(0, &["export", "--register", "people", "--filter", "q=okoro", "-o", "out.csv"]);
    assert_eq!(exported["rows"], 1, "{exported}");
    assert!(std::fs::read_to_string(place.at("out.csv")).unwrap().contains("Ben Okoro"));
    assert_eq!(
        place.json(3, &["export", "--register", "people", "--filter", "colour=red"])["error"]["code"],
        "invalid"
    );
    assert!(place.run(&["export", "--register", "people", "-o", "-"]).out.contains("Ben Okoro"));
    assert_eq!(place.json(0, &["verify"])["ok"], true);
}
