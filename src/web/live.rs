//! `GET /live/components/{id}`: the event stream of a component's pages. An event says "version N"; the island fetches the
//! fragment, so that a lost event costs nothing.

use std::convert::Infallible;

use axum::{
    Extension,
    extract::{Path, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::{App, answer::error_response, guard::Person};
use crate::domain::{deployments, problem::Error};

/// The stream, for members of the organization that the component belongs to.
pub async fn component(State(app): State<App>, Extension(person): Extension<Person>, Path(id): Path<Uuid>) -> Response {
    match deployments::visible_to(&app.context, person.id, id).await {
        Ok(true) => {}
        Ok(false) => return error_response(&Error::NotFound),
        Err(error) => return error_response(&error),
    }
    let start = (app.feed.listen(), app.shutdown.clone(), true);
    // The first event comes at once: what happened between the page's rendering and now is not missed.
    let events = stream::unfold(start, move |(mut feed, shutdown, first)| async move {
        if first {
            return Some((Ok::<_, Infallible>(Event::default().event("change").data("0")), (feed, shutdown, false)));
        }
        loop {
            let heard = tokio::select! {
                () = shutdown.cancelled() => return None,
                heard = feed.recv() => heard,
            };
            let sequence = match heard {
                Ok(change) if change.component_id == id => change.sequence,
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => 0,
                Err(RecvError::Closed) => return None,
            };
            let event = Event::default().event("change").id(sequence.to_string()).data(sequence.to_string());
            return Some((Ok(event), (feed, shutdown, false)));
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}
