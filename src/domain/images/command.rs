//! The image in a pasted command: `docker pull`, `docker run` and their like. Takes it only where nothing has to be
//! guessed, and repeats no word of the command: it may hold a password.

mod options;

use self::options::{Options, PULL, RUN, Shape};
use super::grammar::problem;
use crate::domain::problem::Problem;

const PROGRAMS: [&str; 4] = ["docker", "podman", "nerdctl", "crictl"];

/// The image that a command names; none where the text is no command at all.
pub(super) fn image(text: &str) -> Result<Option<&str>, Problem> {
    // A backslash alone is the end of a line that goes on.
    let mut words = text.split_whitespace().filter(|word| *word != "\\").skip_while(|word| matches!(*word, "$" | "#" | "sudo")).peekable();
    if !words.next().is_some_and(|word| PROGRAMS.contains(&word)) {
        return Ok(None);
    }
    words.next_if(|word| matches!(*word, "image" | "container"));
    let found = match words.next() {
        // What follows the image there is for its program.
        Some("run" | "create") => first_operand(&mut words, &RUN),
        // Nothing follows it there: another word would be guessed about.
        Some("pull") => first_operand(&mut words, &PULL).filter(|_| words.next().is_none()),
        _ => return Ok(None),
    };
    found.filter(|image| is_one_command(text) && !image.starts_with('#')).map(Some).ok_or_else(unclear)
}

fn unclear() -> Problem {
    problem("image_invalid", "It is not clear which word of this command is the image. Write only the image, as host/repository:tag.")
}

/// Whether it is one command on one line, and nothing is sent elsewhere. A line that ends with a backslash goes on.
fn is_one_command(text: &str) -> bool {
    let mut lines = text.trim().lines().rev();
    lines.next();
    !text.contains([';', '|', '&', '<', '>']) && lines.all(|line| line.trim_end().ends_with('\\'))
}

/// The first word that is neither an option nor the value of one.
fn first_operand<'a>(words: &mut impl Iterator<Item = &'a str>, options: &Options) -> Option<&'a str> {
    loop {
        let word = words.next().filter(|word| is_whole(word))?;
        match options.shape(word)? {
            Shape::NoOption => return Some(word),
            Shape::Alone => {}
            Shape::WithNext => drop(words.next().filter(|word| is_whole(word))?),
        }
    }
}

/// Whether a shell would take the word as it stands here, rather than as a part of one with a space in it.
fn is_whole(word: &str) -> bool {
    let count = |mark: char| word.matches(mark).count();
    !word.ends_with('\\') && ['"', '\'', '`'].into_iter().all(|mark| count(mark).is_multiple_of(2)) && count('(') == count(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_the_first_word_that_is_no_option() {
        for command in [
            "docker pull nginx:1",
            "$ sudo docker image pull --platform linux/amd64 nginx:1",
            "podman pull --tls-verify=false nginx:1",
            "docker pull -q --disable-content-trust nginx:1",
            "docker pull \\\n  --platform linux/amd64 \\\n  nginx:1",
            "podman pull --authfile auth.json --creds=a:b nginx:1",
            "crictl pull -u a:b nginx:1",
            "docker run -p 80:80 nginx:1",
            "docker run nginx:1",
            "docker run nginx:1 # web server",
            "docker run -d --name web -p80:80 -e A=b --restart=always nginx:1",
            "docker run -dit --rm --unknown=x nginx:1 sh -c 'echo hello'",
            "docker run -dp 127.0.0.1:80:80 -v $(pwd):/data \\ -e A=\"b\" nginx:1",
            "# docker container create nginx:1 --port 80",
        ] {
            assert_eq!(image(command), Ok(Some("nginx:1")), "{command}");
        }
    }

    #[test]
    fn what_would_have_to_be_guessed_is_refused() {
        for command in [
            "docker pull",
            "docker pull --quiet",
            "docker pull --platform linux/amd64",
            "docker pull --unknown x nginx",
            "docker pull -x nginx",
            "docker pull nginx redis",
            "docker pull nginx # web server",
            "docker pull # nginx",
            "docker pull #nginx",
            "docker pull nginx\ndocker pull redis",
            "docker pull nginx\r\nUsing default tag: latest",
            "docker pull nginx > log",
            "docker pull nginx >log",
            "docker pull < images nginx",
            "docker pull --creds 'a hunter2' nginx",
            "docker run",
            "docker run -d",
            "docker run -p 80:80",
            "docker run --unknown x nginx",
            "docker run -x nginx",
            "docker run -- nginx",
            "docker run -e A=\"hunter2 b\" nginx",
            "docker run -v $(pwd -P):/data nginx",
            "docker run -e A=hunter2\\ b nginx",
            "docker pull nginx && docker run redis",
            "docker run nginx; reboot",
            "docker run nginx\ndocker run redis",
            "docker run nginx > log",
            "docker run # nginx",
        ] {
            let problem = image(command).unwrap_err();
            assert!(problem.code == "image_invalid" && !problem.message.contains("hunter2"), "{command}: {problem:?}");
        }
    }

    #[test]
    fn other_texts_are_no_commands() {
        for text in ["", "nginx", "docker", "docker/docker", "docker ps", "apt pull nginx", "sudo", "a b"] {
            assert_eq!(image(text), Ok(None), "{text}");
        }
    }
}
