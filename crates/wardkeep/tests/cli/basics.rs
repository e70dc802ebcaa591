//! Help, wrong arguments, completions, manual.

use crate::support::Place;

const VERBS: [&str; 13] = [
    "demo",
    "assess",
    "serve",
    "import",
    "export",
    "verify",
    "backup",
    "restore",
    "user",
    "token",
    "doctor",
    "completions",
    "man",
];

#[test]
fn help_names_every_verb_and_every_exit_code() {
    let ran = Place::new().run(&["--help"]);
    assert_eq!(ran.exit, 0);
    for word in VERBS.iter().chain(&["Exit codes", "130", "NO_COLOR"]) {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    assert!(!ran.out.contains('\x1b'));
    for verb in VERBS {
        let ran = Place::new().run(&[verb, "--help"]);
        assert_eq!(ran.exit, 0, "{verb}: {}", ran.err);
        assert!(ran.out.contains("--json") && ran.out.contains("--data"), "{verb}");
        assert!(ran.out.lines().all(|l| l.chars().count() <= 110), "{verb}");
    }
}

#[test]
fn a_wrong_command_line_is_two() {
    for args in [
        &["--nonsense"][..],
        &["nonsense"],
        &["assess"],
        &["serve", "--port", "x"],
        &["import"],
        &["export"],
        &["token", "add", "x"],
    ] {
        let ran = Place::new().run(args);
        assert_eq!(ran.exit, 2, "{args:?}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn what_is_not_there_is_three_and_says_how_to_mend_it() {
    let place = Place::new();
    for args in [
        &["assess", "nowhere"][..],
        &["verify", "nowhere"],
        &["verify"],
        &["backup", "b.tar.zst"],
        &["restore", "nowhere.tar.zst"],
        &["user", "list"],
        &["token", "list"],
        &["export", "out"],
        &["import", "assets.csv"],
        &["doctor", "--config", "nowhere.toml", "--data", "x"],
    ] {
        let expected = if args[0] == "doctor" { 4 } else { 3 };
        let ran = place.run(args);
        assert_eq!(ran.exit, expected, "{args:?}: {}{}", ran.out, ran.err);
        if expected == 3 {
            assert!(ran.err.contains("error:") && ran.err.contains("mend:"), "{args:?}: {}", ran.err);
            let object = place.json(3, args);
            assert!(!object["error"]["remedy"].as_str().unwrap().is_empty());
        }
    }
    assert!(!place.at("data").exists(), "commands that only look make nothing");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let place = Place::new();
    place.write("file", "x");
    let evidence = crate::support::evidence(&place);
    let evidence = evidence.to_str().unwrap();
    for data in ["file", "file/below", "/dev/null/x"] {
        for args in [&["assess", evidence, "--data", data][..], &["serve", "--port", "0", "--data", data]] {
            let object = place.json(3, args);
            assert_eq!(object["error"]["code"], "not_a_folder", "{object}");
            assert!(object["error"]["where"].as_str().unwrap().contains(data));
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let closed = place.at("closed");
        std::fs::create_dir(&closed).unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
        if std::fs::write(closed.join("x"), "").is_ok() {
            eprintln!("this account may write everywhere; the read-only folder is left out");
            return;
        }
        let object = place.json(3, &["assess", evidence, "--data", "closed"]);
        assert_eq!(object["error"]["code"], "read_only");
    }
}

#[test]
fn a_broken_configuration_is_named_with_its_line() {
    let place = Place::new();
    place.write("data/wardkeep.toml", "listen = \"127.0.0.1:0\"\nlissten = 1\n");
    let ran = place.run(&["serve"]);
    assert_eq!(ran.exit, 3);
    assert!(
        ran.err.contains("lissten") && ran.err.contains("wardkeep.toml") && ran.err.contains("line 2"),
        "{}",
        ran.err
    );
}

#[test]
fn completions_and_manual_come_out() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = place.run(&["completions", shell]);
        assert!(ran.exit == 0 && ran.out.contains("assess"), "{shell}");
    }
    assert!(place.run(&["man"]).out.starts_with(".ie"));
    assert_eq!(place.run(&["man", "pages"]).exit, 0);
    for page in ["wardkeep.1", "wardkeep-assess.1", "wardkeep-user-grant.1"] {
        assert!(place.at("pages").join(page).exists(), "{page}");
    }
}
