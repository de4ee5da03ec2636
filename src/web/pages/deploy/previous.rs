//! Previous Images: what the component ran or tried before, to choose from.

use leptos::prelude::*;

use crate::{
    domain::{clock::Time, deployments::PreviousImage, images::ImageReference, organizations::Environment},
    web::parts::{Badge, CopyField, Moment, StateBadge, Tone},
};

/// What the list is made of.
pub(super) struct Previous {
    pub(super) images: Vec<PreviousImage>,
    /// The component's image, whose repository needs no naming.
    pub(super) own: ImageReference,
    pub(super) environments: Vec<Environment>,
    /// Id of the deployment that is chosen.
    pub(super) chosen: String,
    pub(super) problem: Option<String>,
    pub(super) now: Time,
    pub(super) zone: jiff::tz::TimeZone,
}

impl Previous {
    /// How many there are, for the card that leads here.
    pub(super) fn help(&self) -> String {
        match self.images.len() {
            0 => "None yet: an image is kept here once it was deployed".into(),
            1 => "The one that was deployed before, by its digest".into(),
            count => format!("One of the {count} that were deployed before, by its digest"),
        }
    }

    /// Radio buttons, the newest image first.
    pub(super) fn view(self) -> AnyView {
        let class = if self.problem.is_some() { "field choice previous wrong" } else { "field choice previous" };
        let described = self.problem.is_some().then_some("problem-previous");
        let problem = self.problem.clone().map(|text| view! { <p class="problem" id="problem-previous">{text}</p> });
        let images = if self.images.is_empty() {
            let text =
                "Nothing was deployed yet. Every image that is, is kept here: to go back to it, whatever its tag stands for by then.";
            view! { <p class="dim" id="field-previous" tabindex="-1">{text}</p> }.into_any()
        } else {
            let rows = self.images.iter().enumerate().map(|(index, image)| self.row(index, image)).collect_view();
            view! { <div class="previous-images">{rows}</div> }.into_any()
        };
        view! { <fieldset class=class aria-describedby=described><legend>"Previous images"</legend>{images}{problem}</fieldset> }.into_any()
    }

    fn row(&self, index: usize, image: &PreviousImage) -> AnyView {
        let value = image.deployment_id.to_string();
        let id = if index == 0 { "field-previous".to_owned() } else { format!("field-previous-{index}") };
        let (about, checked) = (format!("about-previous-{index}"), value == self.chosen);
        let ended = match image.runs {
            true => view! { <Badge tone=Tone::Good>"Runs now"</Badge> }.into_any(),
            false => view! { <StateBadge state=image.state/> }.into_any(),
        };
        let place = self.environments.iter().find(|environment| environment.id == image.environment_id);
        let place = place.map(|environment| format!("{}, ", environment.display_name));
        view! {
            <div class="card-choice">
                <input type="radio" name="previous" id=id.clone() value=value checked=checked aria-describedby=about.clone()/>
                <div class="standing"><label class="mono break" for=id>{self.name(&image.image)}</label>{ended}</div>
                <div class="about">
                    <CopyField value=image.digest.clone() label="digest"/>
                    <small id=about>{place}{image.created_by.clone()}", "<Moment time=image.created_at now=self.now zone=self.zone.clone()/></small>
                </div>
            </div>
        }
        .into_any()
    }

    /// The tag, with the repository where it is another one.
    fn name(&self, image: &ImageReference) -> String {
        match image.tag() {
            Some(tag) if image.same_repository(&self.own) => tag.to_owned(),
            None if image.same_repository(&self.own) => "without a tag".to_owned(),
            Some(tag) => format!("{}:{tag}", image.name()),
            None => image.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use uuid::Uuid;

    use super::*;
    use crate::domain::deployments::State;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn image(id: u128, reference: &str, state: State, runs: bool) -> PreviousImage {
        PreviousImage {
            deployment_id: Uuid::from_u128(id),
            environment_id: Uuid::nil(),
            registry_id: Uuid::nil(),
            image: ImageReference::parse(reference).unwrap(),
            digest: DIGEST.into(),
            state,
            created_by: "<ada@example.com>".into(),
            created_at: Time(0),
            runs,
        }
    }

    fn previous(images: Vec<PreviousImage>) -> Previous {
        Previous {
            images,
            own: ImageReference::parse("ghcr.io/acme/greeter:9").unwrap(),
            environments: Vec::new(),
            chosen: Uuid::from_u128(2).to_string(),
            problem: None,
            now: Time(0),
            zone: TimeZone::UTC,
        }
    }

    fn html(previous: Previous) -> String {
        Owner::new().with(|| previous.view().to_html())
    }

    #[test]
    fn the_one_that_runs_and_how_the_others_ended_are_told() {
        let images = vec![
            image(1, "ghcr.io/acme/greeter:1.1", State::Failed, false),
            image(2, "ghcr.io/acme/greeter:1.0", State::Active, true),
            image(3, "ghcr.io/acme/other:2", State::Replaced, false),
        ];
        let previous = previous(images);
        assert_eq!(previous.help(), "One of the 3 that were deployed before, by its digest");
        let html = html(previous);
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing in {html}"));
        assert!(at(">1.1<") < at("Failed") && at("Failed") < at(">1.0<"), "{html}");
        assert!(at(">1.0<") < at("Runs now") && at("Runs now") < at(">ghcr.io/acme/other:2<"), "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
        assert_eq!(html.matches(&format!("data-copy=\"{DIGEST}\"")).count(), 3);
        assert!(!html.contains("<ada@example.com>"), "{html}");
    }

    #[test]
    fn a_component_that_was_never_deployed_says_so() {
        let mut previous = previous(Vec::new());
        previous.problem = Some("Choose one of the previous images.".into());
        assert!(previous.help().starts_with("None yet"));
        let html = html(previous);
        assert!(html.contains("Nothing was deployed yet") && html.contains("id=\"field-previous\""), "{html}");
        assert!(html.contains("id=\"problem-previous\"") && !html.contains("<input"), "{html}");
    }
}
