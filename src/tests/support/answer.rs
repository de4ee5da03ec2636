//! What came back, and what tests ask of it.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Checks the status; the body is in the message of a failure.
    #[track_caller]
    pub(crate) fn is(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{:?} {}", self.headers, String::from_utf8_lossy(&self.body));
        self
    }

    /// Checks that it leads to a page by 303.
    #[track_caller]
    pub(crate) fn goes_to(self, path: &str) -> Self {
        let answer = self.is(StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), path);
        answer
    }

    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.plain().contains(text), "{text:?} is missing in {}", self.plain());
        self
    }

    #[track_caller]
    pub(crate) fn hides(self, text: &str) -> Self {
        assert!(!self.plain().contains(text) && !self.text().contains(text), "{text:?} is in {}", self.text());
        self
    }

    /// Where a 303 leads.
    #[track_caller]
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&self.body));
        self.header(header::LOCATION.as_str()).to_owned()
    }

    pub(crate) fn title(&self) -> &str {
        between(self.text(), "<title>", "</title>").unwrap_or_default()
    }

    /// The value that a field shows, unescaped; `None` where the page has no such field or it is empty of a value.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let tag = self.tags().find(|tag| tag.contains(&format!(" name=\"{name}\"")) && !tag.contains("type=\"radio\""))?;
        between(tag, " value=\"", "\"").map(unescaped)
    }

    /// What a `<textarea>` shows.
    pub(crate) fn text_area(&self, name: &str) -> String {
        let text = self.text();
        let tag = self.tags().find(|tag| tag.starts_with("<textarea") && tag.contains(&format!(" name=\"{name}\""))).unwrap();
        let start = tag.as_ptr() as usize - text.as_ptr() as usize + tag.len();
        unescaped(text[start..].split("</textarea>").next().unwrap())
    }

    /// The fields that the summary of problems links to, in its order.
    pub(crate) fn problem_fields(&self) -> Vec<&str> {
        let summary = between(self.text(), "There is a problem", "</ul>").unwrap_or_default();
        summary.split("href=\"#field-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    /// Every opening tag.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        self.text().split_inclusive('>').filter_map(|part| part.rfind('<').map(|at| &part[at..]))
    }

    /// The text alone, without tags and leptos' markers.
    pub(crate) fn plain(&self) -> String {
        let parts = self.text().split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        unescaped(&parts.collect::<String>())
    }
}

/// What stands between two texts, the first time.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = &text[text.find(start)? + start.len()..];
    Some(&rest[..rest.find(end)?])
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The tags that a list offers, in its order.
pub(crate) fn tags_of(answer: &Answer) -> Vec<String> {
    answer.tags().filter_map(|tag| between(tag, " data-tag=\"", "\"").map(unescaped)).collect()
}
