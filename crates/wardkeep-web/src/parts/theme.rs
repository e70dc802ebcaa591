//! Light, dark, or as the reader's system says; kept in a cookie, changed by a plain form.

use axum::Form;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Which of the two looks a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Name of the cookie.
const COOKIE: &str = "wardkeep_theme";

impl Theme {
    /// All, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// Value of `data-theme`; none means that the system decides.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.key())
    }
    /// What the cookie says; anything odd is `System`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let wanted = cookies.flat_map(|line| line.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == COOKIE).then_some(value)
        });
        Self::ALL.into_iter().find(|theme| Some(theme.key()) == wanted).unwrap_or_default()
    }
}

/// The form of the switch.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    theme: Theme,
    #[serde(default)]
    back: String,
}

/// `POST /theme`: sets the cookie for a year and goes back to the page it came from.
pub(crate) async fn choose(Form(choice): Form<Choice>) -> Response {
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", choice.theme.key());
    let place = if is_local(&choice.back) { choice.back } else { "/".to_owned() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, place), (header::SET_COOKIE, cookie)]).into_response()
}

/// A path of ours: one slash, and nothing a browser would take for another host or a new header.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::{Theme, is_local};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_paths_of_ours_are_gone_back_to() {
        for good in ["/", "/risks?stage=open", "/design#form"] {
            assert!(is_local(good), "{good}");
        }
        for bad in ["", "risks", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"] {
            assert!(!is_local(bad), "{bad}");
        }
    }

    #[test]
    fn the_cookie_decides_and_oddities_do_not() {
        let check = |cookie: &'static str, theme: Theme| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            assert_eq!(Theme::from_headers(&headers), theme, "{cookie}");
        };
        check("a=b; wardkeep_theme=dark", Theme::Dark);
        check("wardkeep_theme=light", Theme::Light);
        check("wardkeep_theme=\"><script>", Theme::System);
        assert_eq!(Theme::from_headers(&HeaderMap::new()).attribute(), None);
    }
}
