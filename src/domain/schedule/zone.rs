//! Time zones by their IANA names. They come from the machine's database, or from the one built in where it has none.

use std::sync::LazyLock;

use jiff::tz::{self, TimeZone};

use crate::domain::problem::Problem;

const UTC: &str = "UTC";

static OFFERED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let is_place = |name: &str| name.contains('/') && !name.starts_with("Etc/") && find(name).is_some_and(|zone| zone.is_primary());
    let mut names: Vec<String> = tz::db().available().map(|name| name.to_string()).filter(|name| is_place(name)).collect();
    names.push(UTC.to_owned());
    names.sort();
    names.dedup();
    names
});

/// The time zones to choose from, sorted: `Africa/Abidjan` to `Pacific/Wallis`, and `UTC`. Older spellings are understood
/// too, but not offered.
pub fn time_zones() -> Vec<String> {
    OFFERED.clone()
}

/// The zone of an IANA name, whatever its case.
pub(super) fn find(name: &str) -> Option<TimeZone> {
    // A name without a primary one is the machine's own (`localtime`), or no zone at all (`Etc/Unknown`).
    TimeZone::get(name).ok().filter(|zone| zone.primary_iana_name().is_some())
}

/// The IANA spelling of what was typed; `UTC` if nothing was.
pub(super) fn read(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(UTC.to_owned());
    }
    if typed.eq_ignore_ascii_case("local") {
        let message =
            "Local would be whatever zone the cluster's machines have: choose a time zone by name, such as Europe/Berlin, or UTC.";
        return Err(Problem::new("time_zone", "time_zone_local", message));
    }
    let spelling = find(typed).and_then(|zone| zone.iana_name().map(str::to_owned));
    spelling.ok_or_else(|| unknown(typed))
}

fn unknown(typed: &str) -> Problem {
    let place = typed.replace(' ', "_");
    let is_of_place = |name: &&String| name.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&place));
    let example = OFFERED.iter().find(is_of_place).map_or("Europe/Berlin", String::as_str);
    let shown: String = typed.chars().take(40).collect();
    let message = format!("{shown:?} is not a time zone: use a name of area and place, such as {example}, or UTC.");
    Problem::new("time_zone", "time_zone_unknown", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_offered_by_area_and_place() {
        let zones = time_zones();
        assert!(zones.is_sorted() && zones.len() > 300, "{}", zones.len());
        for name in ["UTC", "Europe/Berlin", "America/New_York", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Australia/Lord_Howe"] {
            assert!(zones.iter().any(|zone| zone == name), "{name}");
        }
        for name in ["Asia/Calcutta", "US/Pacific", "CET", "Etc/GMT+1", "localtime", "posix/Europe/Berlin", "Etc/Unknown"] {
            assert!(!zones.iter().any(|zone| zone == name), "{name}");
        }
        assert!(zones.iter().all(|zone| read(zone).as_ref() == Ok(zone)));
    }

    #[test]
    fn a_zone_gets_its_own_spelling() {
        for (typed, name) in [
            ("", "UTC"),
            ("utc", "UTC"),
            (" europe/BERLIN ", "Europe/Berlin"),
            ("asia/calcutta", "Asia/Calcutta"),
            ("etc/gmt+1", "Etc/GMT+1"),
            ("cet", "CET"),
        ] {
            assert_eq!(read(typed).as_deref(), Ok(name), "{typed}");
        }
    }

    #[test]
    fn an_unknown_zone_is_refused_with_an_example() {
        let sentence = |typed: &str| read(typed).map_err(|problem| problem.message).unwrap_err();
        let refused = [
            "Local",
            "Berlin",
            "new york",
            "+02:00",
            "Mars/Olympus",
            "../../etc/passwd",
            "localtime",
            "Etc/Unknown",
            "posix/Europe/Berlin",
        ];
        insta::assert_snapshot!(refused.map(sentence).join("\n"), @r#"
        Local would be whatever zone the cluster's machines have: choose a time zone by name, such as Europe/Berlin, or UTC.
        "Berlin" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "new york" is not a time zone: use a name of area and place, such as America/New_York, or UTC.
        "+02:00" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "Mars/Olympus" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "../../etc/passwd" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "localtime" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "Etc/Unknown" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "posix/Europe/Berlin" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        "#);
    }

    /// A container's image may have no zones of its own.
    #[test]
    fn the_zones_are_built_in() {
        let bundled = tz::TimeZoneDatabase::bundled();
        assert!(bundled.get("Europe/Berlin").is_ok() && bundled.available().count() > 300);
    }
}
