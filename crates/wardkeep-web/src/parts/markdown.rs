//! Markdown that people wrote, as safe markup.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html::push_html};

/// Shows Markdown. Raw HTML becomes text, images become their description, links lead only to the web, to
/// mail or to our own pages.
pub fn markdown(source: &str) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(source, options).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        // Alignment would come out as a style attribute, which the policy of our pages refuses.
        Event::Start(Tag::Table(columns)) => {
            Some(Event::Start(Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()])))
        }
        Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => {
            None
        }
        Event::Start(Tag::Heading { level, .. }) => {
            Some(Event::Start(Tag::Heading { level: lower(level), id: None, classes: vec![], attrs: vec![] }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level)))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let mail = link_type == LinkType::Email;
            let dest_url = if mail || is_safe(&dest_url) { dest_url } else { "#".into() };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        other => Some(other),
    });
    let mut out = String::with_capacity(source.len() * 2);
    push_html(&mut out, events);
    html! { div.prose { (PreEscaped(out)) } }
}

/// The page owns headings 1 and 2.
fn lower(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H3, H4};
    if matches!(level, pulldown_cmark::HeadingLevel::H1 | pulldown_cmark::HeadingLevel::H2) { H3 } else { H4 }
}

fn is_safe(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    let ours = lower.starts_with('#')
        || (lower.starts_with('/') && !lower.starts_with("//") && !lower.starts_with("/\\"));
    ours || ["https://", "http://", "mailto:"].iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn raw_html_and_odd_links_do_nothing() {
        let check = |source: &str, has: &str, lacks: &str| {
            let out = markdown(source).into_string();
            assert!(out.contains(has), "{out}");
            assert!(!out.contains(lacks), "{out}");
        };
        check("a <script>alert(1)</script> b", "&lt;script&gt;", "<script");
        check("<div onclick=x>\nhello\n</div>", "&lt;div onclick=x&gt;", "<div onclick");
        check("[x](javascript:alert(1))", "href=\"#\"", "javascript");
        check("[x](//evil.example)", "href=\"#\"", "evil");
        check("[x](/risks/RSK-0042)", "href=\"/risks/RSK-0042\"", "#");
        check("<maria@hospital.example>", "href=\"mailto:maria@hospital.example\"", "href=\"#\"");
        check("|a|b|\n|--:|:-:|\n|1|2|", "<td>1</td>", "style");
        check("![secret](https://tracker.example/x.png)", "secret", "<img");
        check("# Big", "<h3>Big</h3>", "<h1");
    }
}
