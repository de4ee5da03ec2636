//! What a type asks for beside the image, and the security profile.

use leptos::prelude::*;

use super::{form::Sheet, schedule::schedule_fields};
use crate::{
    domain::{
        components::{Kind, SecurityProfile},
        endpoints::{EndpointKind, Visibility},
    },
    web::parts::{Choice, RadioCards, SelectField, SelectOption, TextField},
};

const INSPECT_FILLS: &str = "Where the program in the image listens. Inspect fills in the exposed port. Reached inside the cluster: this version makes no public address yet.";

impl Sheet<'_> {
    pub(super) fn settings(&self) -> AnyView {
        let (title, fields) = match self.kind {
            Kind::Service => ("First endpoint", self.endpoint()),
            Kind::WebApplication => ("Port", self.port()),
            Kind::ScheduledTask => ("Schedule", self.schedule()),
            Kind::ManualTask => ("Runs", view! { <p>"Nothing to set: arguments are given at run time, each time anew. This version prepares the task and can't start it yet."</p> }.into_any()),
        };
        view! { <article class="card narrow"><header><h2>{title}</h2></header><section>{fields}</section></article> }.into_any()
    }

    fn endpoint(&self) -> AnyView {
        let kinds = EndpointKind::ALL.map(EndpointKind::as_str).map(same).into();
        let visibilities = Visibility::ALL.map(Visibility::as_str).map(same).into();
        let (port, problem) = (self.form.value("endpoint_port").to_owned(), |name: &str| self.form.problem(name));
        view! {
            <div class="field-row">
                <TextField name="endpoint_name" label="Endpoint name" value=self.or("endpoint_name", "default") problem=problem("endpoint_name") autocomplete="on"/>
                <TextField name="endpoint_port" label="Port" value=port problem=problem("endpoint_port") mono=true inputmode="numeric" autocomplete="on" help="Inspect fills in the exposed port."/>
                <SelectField name="endpoint_type" label="Type" options=kinds value=self.or("endpoint_type", "REST") problem=problem("endpoint_type")/>
                <TextField name="endpoint_context" label="Context" value=self.or("endpoint_context", "/") problem=problem("endpoint_context") mono=true autocomplete="on" help="Path; for REST, GraphQL and WS."/>
            </div>
            <SelectField name="endpoint_visibility" label="Network Visibility" options=visibilities value=self.or("endpoint_visibility", "Project") problem=problem("endpoint_visibility")
                help="Slipway does not authenticate callers of Public endpoints. Kept with the component: this version opens every endpoint inside the cluster and makes no public address yet."/>
        }
        .into_any()
    }

    fn port(&self) -> AnyView {
        let (port, problem) = (self.form.value("port").to_owned(), self.form.problem("port"));
        view! { <div class="short"><TextField name="port" label="Port" value=port problem=problem required=true mono=true inputmode="numeric" autocomplete="on" help=INSPECT_FILLS/></div> }
            .into_any()
    }

    fn schedule(&self) -> AnyView {
        // A zone that was left empty is UTC, as the rules have it; only a form that is new begins in the person's own.
        let own_zone = self.request.time_zone();
        let is_new = self.form.value("cron").is_empty();
        let zone = own_zone.iana_name().filter(|_| is_new).unwrap_or("UTC");
        schedule_fields(self.form, zone, self.organization, self.request.app.context.now())
    }

    pub(super) fn security(&self) -> AnyView {
        let profile = self.or("profile", SecurityProfile::default().as_str());
        let profile_was = self.or("profile_was", SecurityProfile::default().as_str());
        let choices = SecurityProfile::ALL.into_iter().map(|profile| Choice {
            value: profile.as_str().into(),
            label: profile.label().into(),
            help: profile.meaning().into(),
        });
        view! {
            <article class="card narrow">
                <header><h2>"Security"</h2></header>
                <section>
                    <input type="hidden" id="field-profile_was" name="profile_was" value=profile_was/>
                    <RadioCards name="profile" label="Security profile" choices=choices.collect() value=profile problem=self.form.problem("profile")/>
                </section>
            </article>
        }
        .into_any()
    }
}

fn same(word: &'static str) -> SelectOption {
    SelectOption { value: word.into(), label: word.into() }
}
