//! The single fields of a registry's form: each gives its value or one problem.

use jiff::{civil::Date, tz::TimeZone};

use super::{Authentication, Vendor};
use crate::domain::{
    clock::Time,
    images::{ImageReference, covers, scope_name},
    problem::Problem,
};

pub(super) fn display_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err(Problem::new("display_name", "required", "Give the registry a name that people will recognize.")),
        1..=60 if !name.chars().any(char::is_control) => Ok(name.to_owned()),
        1..=60 => Err(Problem::new(
            "display_name",
            "invalid",
            "The name has characters that can't be shown; use letters, digits and punctuation.",
        )),
        count => Err(Problem::new("display_name", "too_long", format!("The name has {count} characters; at most 60 are allowed."))),
    }
}

/// An empty one is not said: the host tells it.
pub(super) fn vendor(text: &str) -> Result<Option<Vendor>, Problem> {
    match text.trim() {
        "" => Ok(None),
        word => Vendor::try_from(word.to_owned()).map(Some).map_err(|_| Problem::new("vendor", "invalid", "Choose whose registry it is.")),
    }
}

pub(super) fn authentication(text: &str) -> Result<Authentication, Problem> {
    Authentication::try_from(text.trim().to_owned())
        .map_err(|_| Problem::new("authentication", "required", "Choose Public, Basic, Docker config or Vendor-specific."))
}

/// The user name of a password that stays; a new one is looked at together with its password.
pub(super) fn username(text: &str) -> Result<String, Problem> {
    let problem = |code, message| Err(Problem::new("username", code, message));
    if text.contains(':') {
        problem("invalid", "A user name can't contain a colon: registries separate it from the password by one.")
    } else if text.chars().any(char::is_control) {
        problem("invalid", "The user name has a line break or another character that can't be sent.")
    } else if text.len() > 255 {
        problem("too_long", "The user name is longer than 255 bytes.")
    } else {
        Ok(text.to_owned())
    }
}

/// Seconds from the first moment of a day to its last.
const TO_LAST_MOMENT: i64 = 86_399;

/// The last moment of the day (UTC) on which the credential ends. The day of `present` stands for that very moment, which
/// may be more exact.
pub(super) fn expires_on(text: &str, present: Option<Time>, now: Time) -> Result<Option<Time>, Problem> {
    let problem = |code, message| Err(Problem::new("expires_on", code, message));
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(present) = present.filter(|present| day(*present) == text) {
        return Ok(Some(present));
    }
    let midnight = text.parse::<Date>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    let Some(end) = midnight.map(|zoned| Time(zoned.timestamp().as_microsecond()).plus_seconds(TO_LAST_MOMENT)) else {
        return problem("invalid", "Write the date on which the credential ends as year-month-day, such as 2027-03-31.");
    };
    if end <= now {
        return problem("past", "That day is over: the credential has ended. Enter a new one.");
    }
    Ok(Some(end))
}

/// Whether a moment is the end of a day that somebody typed, rather than one that a credential names.
pub(super) fn is_whole_day(end: Time) -> bool {
    end.0.rem_euclid(86_400 * Time::SECOND) == TO_LAST_MOMENT * Time::SECOND
}

/// The day of a moment as a date field has it.
pub fn day(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%d").to_string()
}

/// `team/app`; what people paste with host or tag is brought to that. `served` is the registry's host with the path prefix
/// of its credential, if they are known.
pub(super) fn test_repository(text: &str, served: Option<(&str, Option<&str>)>) -> Result<Option<String>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at_field = |problem: Problem| Problem { field: "test_repository".into(), ..problem };
    let (host, prefix) = served.unwrap_or(("registry.example.com", None));
    let on_host = |text: &str| ImageReference::parse(&format!("{host}/{text}")).map_err(at_field);
    let pasted = ImageReference::parse(text).ok().filter(|image| image.host() == host);
    let image = match pasted {
        Some(image) => image,
        None => on_host(text)?,
    };
    if !covers(host, prefix, &image) {
        let message = format!("The credential serves only what lies under {}. Name a repository there.", scope_name(host, prefix));
        return Err(Problem::new("test_repository", "outside_of_credential", message));
    }
    Ok(Some(image.repository().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_800_000_000_000_000); // 2027-01-15T08:00:00Z

    #[test]
    fn a_date_is_its_last_moment() {
        assert_eq!(expires_on(" ", None, NOW), Ok(None));
        assert_eq!(expires_on("2027-01-16", None, NOW), Ok(Some(Time(1_800_143_999_000_000))));
        assert!(expires_on("2027-01-15", None, NOW).unwrap().is_some_and(is_whole_day), "today is not over");
        for wrong in ["tomorrow", "16.01.2027", "2027-02-30", "2027-01-14", "1999-01-01"] {
            assert_eq!(expires_on(wrong, None, NOW).unwrap_err().field, "expires_on", "{wrong}");
        }
    }

    #[test]
    fn the_present_day_keeps_its_exact_moment() {
        let exact = Time(NOW.0 + 11 * Time::HOUR);
        assert_eq!(expires_on(&day(exact), Some(exact), NOW), Ok(Some(exact)));
    }

    #[test]
    fn a_repository_is_read_however_it_is_pasted() {
        let read = |text: &str, host: &str| test_repository(text, Some((host, None))).map(|found| found.unwrap_or_default());
        assert_eq!(read("", "ghcr.io").as_deref(), Ok(""));
        assert_eq!(read("acme/greeter", "ghcr.io").as_deref(), Ok("acme/greeter"));
        assert_eq!(read("ghcr.io/acme/greeter:1.0", "ghcr.io").as_deref(), Ok("acme/greeter"));
        assert_eq!(read("nginx", "docker.io").as_deref(), Ok("library/nginx"));
        assert_eq!(read("index.docker.io/acme/greeter", "docker.io").as_deref(), Ok("acme/greeter"));
        assert_eq!(read("Acme/Greeter", "ghcr.io").unwrap_err().field, "test_repository");
        let under_acme = |text: &str| test_repository(text, Some(("ghcr.io", Some("acme")))).map_err(|problem| problem.code);
        assert_eq!(under_acme("acme/greeter"), Ok(Some("acme/greeter".into())));
        assert_eq!(under_acme("other/greeter"), Err("outside_of_credential".into()));
    }
}
