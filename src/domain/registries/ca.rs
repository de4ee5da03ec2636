//! The certificates of issuers that a registry's own may come from: what a person pastes, checked and written in one
//! form. Knows the wrapping (PEM, and DER's outermost length) but judges no certificate: that is TLS's.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::domain::problem::Problem;

const FIELD: &str = "ca_certificates";
const MAX_BYTES: usize = 64 * 1024;
const MAX_CERTIFICATES: usize = 16;
const CERTIFICATE: &str = "CERTIFICATE";
const LINE: usize = 64;

/// Reads pasted PEM: any number of certificates up to 16, with whatever text tools write between them. `None` if the
/// field was left empty; else the certificates alone, with `\n` as line end and 64 characters a line.
pub fn check_ca_certificates(text: &str) -> Result<Option<String>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_BYTES {
        return Err(problem(
            "too_long",
            "The CA certificates are longer than 64 KiB. Paste only those that signed this registry's certificate.",
        ));
    }
    let blocks = blocks(text)?;
    if blocks.len() > MAX_CERTIFICATES {
        let message = format!(
            "There are {} certificates; at most {MAX_CERTIFICATES} are allowed. Paste only those that signed this registry's certificate.",
            blocks.len()
        );
        return Err(problem("too_many", message));
    }
    let certificates: Vec<String> = blocks.iter().enumerate().map(|(at, block)| certificate(at + 1, block)).collect::<Result<_, _>>()?;
    Ok(Some(certificates.concat()))
}

/// What stands between the marks of each block, of which every one must be a certificate.
fn blocks(text: &str) -> Result<Vec<String>, Problem> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = label(line, "BEGIN") else { continue };
        if label.ends_with("PRIVATE KEY") {
            let message = "That is a private key: keep it secret, and paste the issuer's certificate instead, which begins with -----BEGIN CERTIFICATE-----.";
            return Err(problem("private_key", message));
        }
        if label != CERTIFICATE {
            let message =
                "There is something other than certificates in the text. Paste only blocks that begin with -----BEGIN CERTIFICATE-----.";
            return Err(problem("invalid", message));
        }
        blocks.push(body(&mut lines)?);
    }
    if blocks.is_empty() {
        let message =
            "There is no certificate in the text. Paste it in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
        return Err(problem("invalid", message));
    }
    Ok(blocks)
}

fn body<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<String, Problem> {
    let mut body = String::new();
    for line in lines {
        if label(line, "END") == Some(CERTIFICATE) {
            return Ok(body);
        }
        if line.starts_with("-----") {
            break;
        }
        body.push_str(line);
    }
    Err(problem("invalid", "A certificate in the text has no end. Copy it again, down to its line -----END CERTIFICATE-----."))
}

/// `X` of a line `-----BEGIN X-----`.
fn label<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.strip_prefix("-----")?.strip_prefix(mark)?.strip_prefix(' ')?.strip_suffix("-----")
}

/// The block as it is stored; `number` counts from 1.
fn certificate(number: usize, body: &str) -> Result<String, Problem> {
    if !STANDARD.decode(body).is_ok_and(|der| is_one_sequence(&der)) {
        let message = format!("Certificate {number} in the text can't be read. Copy it again, whole and without changes.");
        return Err(problem("invalid", message));
    }
    let lines: Vec<&str> = (0..body.len()).step_by(LINE).map(|at| &body[at..body.len().min(at + LINE)]).collect();
    Ok(format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")))
}

/// Whether the bytes are one DER sequence and nothing else: what was cut off or glued together is not.
fn is_one_sequence(der: &[u8]) -> bool {
    let Some((0x30, rest)) = der.split_first().map(|(tag, rest)| (*tag, rest)) else { return false };
    match rest.split_first() {
        Some((&short @ ..=0x7f, content)) => content.len() == usize::from(short),
        Some((&long @ 0x81..=0x83, rest)) => {
            let Some((length, content)) = rest.split_at_checked(usize::from(long - 0x80)) else { return false };
            content.len() == length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        }
        _ => false,
    }
}

fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(FIELD, code, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    /// A sequence of this many bytes, short enough for one line of base64.
    fn sequence(content: u8) -> Vec<u8> {
        [vec![0x30, content], vec![7; content.into()]].concat()
    }

    fn refusal(text: &str) -> (String, String) {
        let problem = check_ca_certificates(text).unwrap_err();
        assert_eq!(problem.field, FIELD);
        (problem.code.into_owned(), problem.message)
    }

    #[test]
    fn an_empty_field_is_none() {
        assert_eq!(check_ca_certificates(""), Ok(None));
        assert_eq!(check_ca_certificates(" \r\n\t"), Ok(None));
    }

    #[test]
    fn a_bundle_is_written_in_one_form() {
        let (one, two) = (pem(CERTIFICATE, &sequence(3)), pem(CERTIFICATE, &sequence(5)));
        let typed = format!("subject=CN = Our CA\r\n  {}\r\n# the second\n{two}", one.replace('\n', "\r\n"));
        assert_eq!(check_ca_certificates(&typed), Ok(Some(format!("{one}{two}"))));
    }

    #[test]
    fn long_lines_are_broken_and_short_ones_joined() {
        let der = sequence(100);
        let one_line = pem(CERTIFICATE, &der);
        let stored = check_ca_certificates(&one_line).unwrap().unwrap();
        assert_eq!(stored.lines().map(str::len).collect::<Vec<_>>(), [27, 64, 64, 8, 25]);
        assert_eq!(check_ca_certificates(&stored), Ok(Some(stored.clone())));
    }

    #[test]
    fn a_private_key_is_refused_as_what_it_is() {
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            let (code, message) = refusal(&format!("{}{}", pem(CERTIFICATE, &sequence(3)), pem(label, &sequence(3))));
            assert_eq!(code, "private_key");
            assert!(message.contains("keep it secret"), "{message}");
        }
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let good = pem(CERTIFICATE, &sequence(3));
        let table = [
            ("registry.example.com".to_owned(), "no certificate"),
            (pem("CERTIFICATE REQUEST", &sequence(3)), "other than certificates"),
            (good.replace("-----END", "---END"), "no end"),
            (format!("{}{good}", good.replace("-----END CERTIFICATE-----\n", "")), "no end"),
            (pem(CERTIFICATE, &[]), "Certificate 1"),
            (pem(CERTIFICATE, &[0x31, 1, 7]), "Certificate 1"),
            (format!("{good}{}", pem(CERTIFICATE, &[0x30, 3, 7])), "Certificate 2"),
            (pem(CERTIFICATE, &[0x30, 1, 7, 7]), "Certificate 1"),
            (pem(CERTIFICATE, &[0x30, 0x82, 1]), "Certificate 1"),
            (pem(CERTIFICATE, &[0x30, 0x80, 0, 0]), "Certificate 1"),
            (good.replace('M', "*"), "Certificate 1"),
        ];
        for (text, says) in table {
            let (_, message) = refusal(&text);
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn number_and_size_are_bounded() {
        let good = pem(CERTIFICATE, &sequence(3));
        assert!(check_ca_certificates(&good.repeat(16)).is_ok());
        assert_eq!(refusal(&good.repeat(17)).0, "too_many");
        assert_eq!(refusal(&"x".repeat(MAX_BYTES + 1)).0, "too_long");
        assert_eq!(refusal(&"x".repeat(MAX_BYTES)).0, "invalid");
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(-----BEGIN CERTIFICATE-----|-----END CERTIFICATE-----|[ -~é]{0,20}|\r?\n){0,12}") {
            if let Ok(Some(stored)) = check_ca_certificates(&text) {
                prop_assert_eq!(check_ca_certificates(&stored), Ok(Some(stored.clone())));
            }
        }

        #[test]
        fn lengths_of_every_form_are_understood(content in 0..70_000usize) {
            let length = match content {
                0..0x80 => vec![content as u8],
                0x80..0x100 => vec![0x81, content as u8],
                0x100..0x1_0000 => vec![0x82, (content >> 8) as u8, content as u8],
                _ => vec![0x83, (content >> 16) as u8, (content >> 8) as u8, content as u8],
            };
            let der = [vec![0x30], length, vec![7; content]].concat();
            prop_assert!(is_one_sequence(&der));
            prop_assert!(!is_one_sequence(&der[..der.len() - 1]));
        }
    }
}
