use super::*;

#[tokio::test]
async fn the_first_link_sets_up_and_is_not_used_by_looking() {
    let mut browser = Browser::open("http://localhost:8420").await;
    let path = format!("/link/{}", browser.first);
    assert_eq!(browser.get("/link/made-up").await.status, StatusCode::GONE);
    assert_eq!(browser.get("/me").await.place(), "/sign-in?next=%2Fme");
    for _ in 0..2 {
        let page = browser.get(&path).await;
        assert!(page.status == StatusCode::OK && page.text.contains("Set up Wardkeep"));
    }
    let refused = browser
        .post(&path, &[("name", ""), ("email", "anna"), ("password", "password1234"), ("currency", "gold")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Enter your name",
        "is not a mail address",
        "Enter what your organisation is called",
        "time zone is not known",
    ] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert!(!refused.text.contains("password1234"));
    let done = browser.post(&path, FORM).await;
    let cookie = done.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("wardkeep=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let me = browser.get("/me").await;
    assert!(me.text.contains("Anna Berg") && me.text.contains("Security officer, Nordklinik"), "{}", me.text);
    assert_eq!(browser.get(&path).await.status, StatusCode::GONE);
    assert_eq!(browser.get("/sign-in?next=/me").await.place(), "/me");
}

#[tokio::test]
async fn over_tls_cookies_are_bound_to_the_host() {
    let browser = Browser::set_up("https://wk.example.org").await;
    assert!(
        browser.cookies.contains_key("__Host-wardkeep")
            && browser.cookies.contains_key("__Host-wardkeep-device")
    );
    let mut other = Browser { cookies: BTreeMap::new(), ..browser };
    let answer = other.sign_in(GOOD, "").await;
    for cookie in answer.headers.get_all(header::SET_COOKIE) {
        assert!(cookie.to_str().unwrap().contains("; Secure"), "{cookie:?}");
    }
}

#[tokio::test]
async fn wrong_is_wrong_and_often_wrong_waits() {
    let mut browser = Browser::set_up("http://localhost:8420").await;
    browser.cookies.clear();
    for _ in 0..5 {
        let answer = browser.sign_in("wrong", "").await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("is not right"));
        assert!(browser.cookies.is_empty());
    }
    let answer = browser.sign_in(GOOD, "").await;
    assert_eq!(
        (answer.status, answer.headers[header::RETRY_AFTER].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "10")
    );
    browser.clock.advance(10);
    assert_eq!(browser.sign_in(GOOD, "//evil.example").await.place(), "/today");
    let csrf = browser.get("/me").await.csrf();
    let out = browser.post("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!((out.place(), browser.cookies.contains_key("wardkeep")), ("/sign-in", false));
    assert_eq!(browser.sign_in(GOOD, "/me#codes").await.place(), "/me#codes");
}

#[tokio::test]
async fn other_sites_and_forms_without_token_change_nothing() {
    let mut browser = Browser::set_up("http://localhost:8420").await;
    let csrf = browser.get("/me").await.csrf();
    let form = |site: &str| {
        Request::post("/me/taste")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
    };
    let body = |csrf: &str| {
        format!("csrf={csrf}&language=en&time_zone=UTC&date_format=dmy&number_format=point&theme=dark")
    };
    assert_eq!(browser.send(form("cross-site"), body(&csrf)).await.status, StatusCode::FORBIDDEN);
    let evil = Request::post("/me/taste")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("origin", "https://evil.example");
    assert_eq!(browser.send(evil, body(&csrf)).await.status, StatusCode::FORBIDDEN);
    for wrong in ["", "AAAA"] {
        assert_eq!(browser.send(form("same-origin"), body(wrong)).await.status, StatusCode::FORBIDDEN);
    }
    let login = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(login, "email=x&password=y".into()).await.status, StatusCode::FORBIDDEN);
    let bad = browser
        .mine(
            "/me/taste",
            &[
                ("language", "en"),
                ("time_zone", "Mars/North"),
                ("date_format", "dmy"),
                ("number_format", "point"),
                ("theme", "dark"),
            ],
        )
        .await;
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.text.contains("time zone is not known"));
    let good = browser.send(form("same-origin"), body(&csrf)).await;
    assert_eq!((good.place(), browser.cookies["wardkeep_theme"].as_str()), ("/me?flash=taste", "dark"));
    assert!(browser.get("/me?flash=taste").await.text.contains("12.08.2026"));
    // Scripts of ours carry the token in a header.
    let script = |token: &str| {
        Request::post("/api/do").header("sec-fetch-site", "same-origin").header("x-csrf-token", token)
    };
    assert_eq!(browser.send(script(""), String::new()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.send(script(&csrf), String::new()).await.text, "Anna Berg");
}
