use super::*;

#[tokio::test]
async fn codes_are_set_up_shown_once_and_asked() {
    let mut browser = Browser::set_up("http://localhost:8420").await;
    assert_eq!(browser.mine("/me/codes", &[]).await.place(), "/me/codes");
    let page = browser.get("/me/codes").await;
    assert!(page.text.contains("<svg role=\"img\"") && page.text.contains("viewBox=\"0 0 "));
    let secret: String =
        page.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let code = |at: Moment| {
        let bytes = totp_rs::Secret::Encoded(secret.clone()).to_bytes().unwrap();
        totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, String::new())
            .generate((at.as_micros() / 1_000_000) as u64)
    };
    let now = |browser: &Browser| wardkeep_types::Clock::now(&browser.clock);
    assert_eq!(
        browser.mine("/me/codes/confirm", &[("code", "000000")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let given = code(now(&browser));
    let shown = browser.mine("/me/codes/confirm", &[("code", &given)]).await;
    assert_eq!(
        (shown.status, shown.text.matches("<li><code>").count()),
        (StatusCode::OK, 10),
        "{}",
        shown.text
    );
    assert_eq!(shown.headers.get(header::LOCATION), None);
    assert_eq!(browser.get("/me/codes").await.place(), "/me#codes", "the secret is not shown again");
    // From now on the password is half the way.
    browser.cookies.clear();
    browser.clock.advance(60);
    assert_eq!(browser.get("/sign-in/code").await.status, StatusCode::OK);
    assert_eq!(browser.post("/sign-in/code", &[("code", "123456")]).await.place(), "/sign-in");
    assert_eq!(browser.sign_in(GOOD, "/me").await.place(), "/sign-in/code?next=%2Fme");
    assert!(browser.get("/me").await.place().starts_with("/sign-in"));
    assert_eq!(
        browser.post("/sign-in/code", &[("code", &given), ("next", "/me")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let given = code(now(&browser));
    assert_eq!(browser.post("/sign-in/code", &[("code", &given), ("next", "/me")]).await.place(), "/me");
    // A while later, taking codes away asks who is there.
    browser.clock.advance(16 * 60);
    let asked = browser.mine("/me/codes/remove", &[]).await;
    assert_eq!(asked.place(), "/confirm?next=%2Fme%23codes");
    let (page, before) = (browser.get(asked.place()).await, browser.cookies["wardkeep"].clone());
    let proof =
        |proof: &str| [("csrf", page.csrf()), ("next", "/me#codes".into()), ("proof", proof.to_owned())];
    let wrong = proof("wrong");
    let sent = |pairs: &[(&'static str, String); 3]| pairs.clone();
    let pairs = sent(&wrong);
    let answer = browser.post("/confirm", &pairs.each_ref().map(|(n, v)| (*n, v.as_str()))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pairs = sent(&proof(GOOD));
    let answer = browser.post("/confirm", &pairs.each_ref().map(|(n, v)| (*n, v.as_str()))).await;
    assert_eq!(answer.place(), "/me#codes");
    assert_ne!(browser.cookies["wardkeep"], before, "a fresh proof, a fresh secret");
    assert_eq!(browser.mine("/me/codes/remove", &[]).await.place(), "/me?flash=codes_removed");
}

#[tokio::test]
async fn links_passwords_sessions_and_tokens_over_pages() {
    let mut browser = Browser::set_up("http://localhost:8420").await;
    let first = browser.cookies.clone();
    // The page says the same, whoever is asked for.
    browser.cookies.clear();
    let answers = [
        browser.post("/sign-in/link", &[("email", "nobody@example.org"), ("purpose", "sign_in")]).await,
        browser.post("/sign-in/link", &[("email", "anna@example.org"), ("purpose", "sign_in")]).await,
    ];
    assert_eq!(answers[0].text, answers[1].text);
    let letter = browser.mails.lock().unwrap().pop().unwrap();
    assert!(browser.mails.lock().unwrap().is_empty() && letter.email == "anna@example.org");
    let path = format!("/link/{}", letter.token.reveal());
    assert!(browser.get(&path).await.text.contains("anna@example.org"));
    assert_eq!(browser.post(&path, &[]).await.place(), "/today");
    assert_eq!(browser.post(&path, &[]).await.status, StatusCode::GONE);
    // A new password needs the old one and ends the other session.
    let change = |old: &'static str, new: &'static str| [("proof", old), ("password", new)];
    assert!(
        browser
            .mine("/me/password", &change("wrong", "lanterns over quiet canals"))
            .await
            .text
            .contains("This is not right")
    );
    assert!(
        browser.mine("/me/password", &change(GOOD, "Nordklinik herons")).await.text.contains("nordklinik")
    );
    assert_eq!(
        browser.mine("/me/password", &change(GOOD, "lanterns over quiet canals")).await.place(),
        "/me?flash=password"
    );
    let second = std::mem::replace(&mut browser.cookies, first);
    assert!(browser.get("/me").await.place().starts_with("/sign-in"));
    // Sessions are listed and ended.
    assert_eq!(browser.sign_in("lanterns over quiet canals", "").await.place(), "/today");
    let page = browser.get("/me").await;
    assert_eq!(page.text.matches("this browser").count(), 1);
    assert_eq!(browser.mine("/me/sessions", &[("verb", "others")]).await.place(), "/me?flash=sessions");
    let third = std::mem::replace(&mut browser.cookies, second);
    assert!(browser.get("/me").await.place().starts_with("/sign-in"));
    browser.cookies = third;
    // A token is shown once and opens the API alone.
    let new = [("name", "report script"), ("scopes", "risk:view"), ("expires_at", "2026-09-30")];
    let refused =
        browser.mine("/me/tokens", &[("name", ""), ("scopes", "risk"), ("expires_at", "2026-09-30")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("is not a scope"));
    let shown = browser.mine("/me/tokens", &new).await;
    let token = shown.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let page = browser.get("/me").await.text;
    assert!(page.contains("report script") && !page.contains(&token));
    browser.cookies.clear();
    let bearer =
        |path: &str, token: &str| Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = browser.send(bearer("/api/who", "wardkeep_000000000000_x"), String::new()).await;
    assert_eq!(
        (answer.status, &answer.headers[header::WWW_AUTHENTICATE]),
        (StatusCode::UNAUTHORIZED, &header::HeaderValue::from_static("Bearer"))
    );
    assert_eq!(browser.send(bearer("/api/who", &token), String::new()).await.text, "Anna Berg");
    assert!(
        browser.send(bearer("/me", &token), String::new()).await.place().starts_with("/sign-in"),
        "pages take no tokens"
    );
    assert_eq!(browser.get("/api/who").await.text, "nobody");
}

#[tokio::test]
async fn passkeys_are_offered_by_name_and_refused_when_made_up() {
    let mut browser = Browser::set_up("http://localhost:8420").await;
    let me = browser.get("/me").await;
    assert!(me.text.contains("data-passkey=\"add\""));
    let json = |path: &str, token: &str| {
        Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("x-csrf-token", token)
    };
    assert_eq!(browser.send(json("/me/passkeys/start", ""), "{}".into()).await.status, StatusCode::FORBIDDEN);
    let started = browser.send(json("/me/passkeys/start", &me.csrf()), "{}".into()).await;
    assert!(
        started.text.contains("\"publicKey\"") && started.text.contains("\"residentKey\":\"required\""),
        "{}",
        started.text
    );
    assert_eq!(
        browser.send(json("/me/passkeys/finish", &me.csrf()), "{\"id\":\"x\"}".into()).await.status,
        StatusCode::FORBIDDEN
    );
    browser.cookies.clear();
    assert!(browser.get("/sign-in").await.text.contains("data-passkey=\"sign-in\""));
    let started =
        browser.send(json("/sign-in/passkey/start", ""), "{\"name\":\"anna@example.org\"}".into()).await;
    assert!(
        started.text.contains("\"allowCredentials\":[]") && browser.cookies.contains_key("wardkeep-passkey"),
        "{}",
        started.text
    );
    let refused = browser.send(json("/sign-in/passkey/finish", ""), "{\"id\":\"x\"}".into()).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.text.contains("\"detail\""));
    assert!(browser.auth.has_passkeys());
    let mut by_number = Browser::set_up("http://127.0.0.1:8420").await;
    assert!(by_number.get("/me").await.text.contains("address by name"));
}
