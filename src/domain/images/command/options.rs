//! The options of the commands that are pasted: which stand alone, and which take a value. Decides nothing else.

/// What one command takes. With `=` any long option is understood.
pub(super) struct Options {
    /// Letters that stand alone, and those that take a value.
    short_flags: &'static str,
    short_with_value: &'static str,
    /// Words that stand alone, and those whose value may be the next word.
    flags: &'static [&'static str],
    with_value: &'static [&'static str],
}

/// Of `run` and `create`: those that people use.
pub(super) const RUN: Options = Options {
    short_flags: "ditPq",
    short_with_value: "acehlmpuvw",
    flags: &[
        "--detach",
        "--disable-content-trust",
        "--init",
        "--interactive",
        "--no-healthcheck",
        "--oom-kill-disable",
        "--privileged",
        "--publish-all",
        "--quiet",
        "--read-only",
        "--rm",
    ],
    with_value: &[
        "--add-host",
        "--annotation",
        "--cap-add",
        "--cap-drop",
        "--cidfile",
        "--cpu-shares",
        "--cpus",
        "--cpuset-cpus",
        "--device",
        "--dns",
        "--entrypoint",
        "--env",
        "--env-file",
        "--expose",
        "--gpus",
        "--group-add",
        "--health-cmd",
        "--health-interval",
        "--health-retries",
        "--health-timeout",
        "--hostname",
        "--ip",
        "--ipc",
        "--label",
        "--link",
        "--log-driver",
        "--log-opt",
        "--memory",
        "--memory-swap",
        "--mount",
        "--name",
        "--net",
        "--network",
        "--network-alias",
        "--pid",
        "--pids-limit",
        "--platform",
        "--publish",
        "--pull",
        "--restart",
        "--security-opt",
        "--shm-size",
        "--user",
        "--volume",
        "--workdir",
    ],
};

/// Of `pull`, for docker and for the programs that are like it.
pub(super) const PULL: Options = Options {
    short_flags: "aq",
    short_with_value: "u",
    flags: &["--all-platforms", "--all-tags", "--disable-content-trust", "--quiet", "--tls-verify"],
    with_value: &[
        "--arch",
        "--auth",
        "--authfile",
        "--cert-dir",
        "--creds",
        "--decryption-key",
        "--os",
        "--platform",
        "--policy",
        "--retry",
        "--retry-delay",
        "--variant",
    ],
};

/// What a word is to its command.
pub(super) enum Shape {
    NoOption,
    Alone,
    /// Its value is the next word.
    WithNext,
}

impl Options {
    /// `None` for an option that is not known: its value would be taken for the image.
    pub(super) fn shape(&self, word: &str) -> Option<Shape> {
        if let Some(long) = word.strip_prefix("--") {
            return match () {
                () if long.contains('=') || self.flags.contains(&word) => Some(Shape::Alone),
                () => self.with_value.contains(&word).then_some(Shape::WithNext),
            };
        }
        let Some(letters) = word.strip_prefix('-') else { return Some(Shape::NoOption) };
        let rest = letters.trim_start_matches(|letter| self.short_flags.contains(letter));
        let mut rest = rest.chars();
        match rest.next() {
            None => Some(Shape::Alone),
            Some(letter) if !self.short_with_value.contains(letter) => None,
            // `-p80:80` has its value with it.
            Some(_) => Some(if rest.as_str().is_empty() { Shape::WithNext } else { Shape::Alone }),
        }
    }
}
