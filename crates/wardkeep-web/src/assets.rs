//! Our style sheets, scripts and mark, compiled in and served under names that carry their hash.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::sync::LazyLock;

/// Style sheets in cascade order; they are served as one file.
const STYLES: &[&str] = &[
    include_str!("static/tokens.css"),
    include_str!("static/base.css"),
    include_str!("static/shell.css"),
    include_str!("static/parts.css"),
    include_str!("static/table.css"),
    include_str!("static/form.css"),
    include_str!("static/detail.css"),
    include_str!("static/pages.css"),
    include_str!("static/chain.css"),
    include_str!("static/risk.css"),
    include_str!("static/rules.css"),
    include_str!("static/modes.css"),
];

/// Scripts, each after those it imports.
pub const SCRIPTS: &[(&str, &str)] = &[
    ("dom.js", include_str!("static/dom.js")),
    ("palette.js", include_str!("static/palette.js")),
    ("sheet.js", include_str!("static/sheet.js")),
    ("keys.js", include_str!("static/keys.js")),
    ("form.js", include_str!("static/form.js")),
    ("live.js", include_str!("static/live.js")),
    ("passkey.js", include_str!("static/passkey.js")),
    ("risk.js", include_str!("static/risk.js")),
    ("main.js", include_str!("static/main.js")),
];

const MARK: &str = include_str!("static/mark.svg");

/// One file ready to be sent.
struct Asset {
    name: &'static str,
    path: String,
    mime: &'static str,
    body: Vec<u8>,
    gzip: Vec<u8>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets = vec![
        asset("wardkeep.css", "text/css; charset=utf-8", STYLES.concat()),
        asset("mark.svg", "image/svg+xml", MARK.to_owned()),
    ];
    for (name, source) in SCRIPTS {
        // An import names the file as it lies in the folder; the browser needs the name with the hash.
        let linked = assets.iter().fold((*source).to_owned(), |text, earlier: &Asset| {
            let served = earlier.path.rsplit('/').next().unwrap_or_default();
            text.replace(&format!("\"./{}\"", earlier.name), &format!("\"./{served}\""))
        });
        assets.push(asset(name, "text/javascript; charset=utf-8", linked));
    }
    assets
});

fn asset(name: &'static str, mime: &'static str, text: String) -> Asset {
    let body = text.into_bytes();
    let hash = blake3::hash(&body).to_hex();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail; an empty pack only means that the plain body is sent.
    let gzip = packer.write_all(&body).and_then(|()| packer.finish()).unwrap_or_default();
    Asset { name, path: format!("/static/{stem}.{}.{ending}", &hash[..12]), mime, body, gzip }
}

/// The address of one of our files, such as `wardkeep.css`. Unknown names answer the folder, which is 404.
pub fn path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/static/", |asset| asset.path.as_str())
}

/// Serves `/static/...`, cached for good because a changed file has another name.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let wanted = ASSETS.iter().find(|asset| asset.path.strip_prefix("/static/") == Some(&file));
    let Some(asset) = wanted else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let packed = accepts.contains("gzip") && !asset.gzip.is_empty();
    let body: &'static [u8] = if packed { &asset.gzip } else { &asset.body };
    let mut response = body.into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, SCRIPTS, path, router};
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[test]
    fn scripts_stay_under_twenty_kilobytes_and_never_write_html_strings() {
        let total: usize = SCRIPTS.iter().map(|(_, source)| source.len()).sum();
        assert!(total < 20_000, "{total} bytes of script");
        for (name, source) in SCRIPTS {
            for banned in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "DOMParser",
            ] {
                assert!(!source.contains(banned), "{name} uses {banned}");
            }
        }
    }

    #[test]
    fn imports_carry_the_hash() {
        for asset in ASSETS.iter().filter(|asset| asset.mime.contains("javascript")) {
            let text = std::str::from_utf8(&asset.body).unwrap();
            for (at, found) in text.match_indices(" \"./") {
                let file = text[at + found.len()..].split('"').next().unwrap();
                assert!(ASSETS.iter().any(|a| a.path == format!("/static/{file}")), "{}: {file}", asset.name);
            }
        }
    }

    #[tokio::test]
    async fn files_are_immutable_packed_on_request_and_else_missing() {
        let get = |uri: &str| {
            let request =
                Request::get(uri).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
            router::<()>().oneshot(request)
        };
        let response = get(path("wardkeep.css")).await.unwrap();
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert!(response.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes()[..2], [0x1f, 0x8b]);
        assert_eq!(get("/static/wardkeep.000000000000.css").await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}
