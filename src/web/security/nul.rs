//! NUL, which PostgreSQL stores in no text. Where an address or a form has one, U+001A SUBSTITUTE takes its place before
//! anything reads it; no field, name or id takes either of them for a good character.

use http::Uri;

const SUBSTITUTE: u8 = 0x1A;

/// The address with its NULs replaced; `None` if it has none.
pub(super) fn in_address(address: &Uri) -> Option<Uri> {
    let text = address.to_string();
    if text.contains("%00") { text.replace("%00", "%1A").parse().ok() } else { None }
}

/// Replaces NULs of an `application/x-www-form-urlencoded` body, encoded or bare. Its length stays.
pub fn in_form(mut body: Vec<u8>) -> Vec<u8> {
    for at in 0..body.len() {
        if body[at] == 0 {
            body[at] = SUBSTITUTE;
        } else if body[at..].starts_with(b"%00") {
            body[at..at + 3].copy_from_slice(b"%1A");
        }
    }
    body
}

/// Replaces the NULs of a `multipart/form-data` body, where nothing is encoded. Its length stays.
pub fn in_upload(mut body: Vec<u8>) -> Vec<u8> {
    body.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = SUBSTITUTE);
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nul_is_replaced() {
        assert_eq!(in_form(b"a=%00b\0%000&c=%2500%01".to_vec()), b"a=%1Ab\x1A%1A0&c=%2500%01");
        assert_eq!(in_upload(b"%00\0".to_vec()), b"%00\x1A", "a password may read %00");
        let replaced = in_address(&"/a%00/b?c=%00".parse().unwrap());
        assert_eq!(replaced.unwrap(), "/a%1A/b?c=%1A");
        assert_eq!(in_address(&"/a%2500?b=0%01".parse().unwrap()), None);
    }
}
