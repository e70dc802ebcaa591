//! A small part of an XML document as a tree.

use super::{Tag, Token, XmlError, XmlPull};
use crate::Limits;

/// An element with everything in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// Name without its namespace prefix.
    pub(crate) name: String,
    /// Attributes.
    pub(crate) attributes: Vec<(String, String)>,
    /// Text directly inside, put together.
    pub(crate) text: String,
    /// Elements inside.
    pub(crate) children: Vec<Node>,
    /// False when the file broke off before its end tag.
    pub(crate) whole: bool,
}

impl Node {
    /// Reads the element whose start was given last. When the file breaks off, what stands of it is given with
    /// the error.
    pub(crate) fn read(pull: &mut XmlPull<'_>, tag: Tag, limit: usize) -> (Self, Option<XmlError>) {
        let mut open = vec![Self::of(tag)];
        let mut size = 0;
        let mut failed = None;
        loop {
            match pull.next() {
                Ok(Token::Start(tag)) => {
                    size += tag.name.len()
                        + 64
                        + tag.attributes.iter().map(|(n, v)| n.len() + v.len() + 48).sum::<usize>();
                    open.push(Self::of(tag));
                }
                Ok(Token::Text(text)) => {
                    size += text.len();
                    if let Some(top) = open.last_mut() {
                        top.text.push_str(&text);
                    }
                }
                Ok(Token::End) => {
                    if let Some(top) = open.last_mut() {
                        top.whole = true;
                    }
                }
                Ok(Token::Eof) => {
                    failed = Some(XmlError::Broken("the file ends inside an element".to_owned()));
                }
                Err(error) => failed = Some(error),
            }
            if size > limit {
                failed = Some(XmlError::Broken(format!("one element is larger than {} MiB", limit >> 20)));
            }
            // Close what is whole; on failure, close everything.
            while failed.is_some() || open.last().is_some_and(|top| top.whole) {
                let Some(done) = open.pop() else { break };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return (done, failed),
                }
            }
        }
    }
    fn of(tag: Tag) -> Self {
        Self { name: tag.name, attributes: tag.attributes, ..Self::default() }
    }
    /// A short document in a text; `None` when it is not well formed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let limits = Limits::default();
        let mut pull = XmlPull::new(text.as_bytes(), &[], &limits);
        loop {
            match pull.next().ok()? {
                Token::Start(tag) => {
                    let (node, failed) = Self::read(&mut pull, tag, limits.record_bytes);
                    return failed.is_none().then_some(node);
                }
                Token::Text(_) => {}
                Token::End | Token::Eof => return None,
            }
        }
    }
    /// The value of an attribute by its exact name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
    /// Every child of that name.
    pub(crate) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
    /// The text of the first child of that name, bare; `None` when it is empty.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
    /// This element and all below it, in document order, without recursion.
    pub(crate) fn walk(&self) -> impl Iterator<Item = &Self> {
        let mut left = vec![self];
        std::iter::from_fn(move || {
            let next = left.pop()?;
            left.extend(next.children.iter().rev());
            Some(next)
        })
    }
}

// A deep tree must not be dropped by recursion: depth is bounded by the reader (256), so it is not.

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn trees_are_read_with_references_undone() {
        let node =
            Node::parse(r#"<a x="1 &lt; 2"><b>t &amp; &#x41;<![CDATA[<!ENTITY]]></b><b/></a>"#).unwrap();
        assert_eq!(node.attribute("x"), Some("1 < 2"));
        assert_eq!(node.said("b"), Some("t & A<!ENTITY"));
        assert_eq!((node.all("b").count(), node.walk().count()), (2, 3));
        assert!(Node::parse("<a><b></a>").is_none());
    }
}
