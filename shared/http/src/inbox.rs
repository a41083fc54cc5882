//! `/v1/inbox`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    inbox::{InboxItemView, Standing},
    list::{Cursor, List, PageSize},
};
use hourkeep_domain::ids::InboxId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Nothing, Params, Stored, Tagged},
};

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InboxParams {
    /// Whether to list those that someone has seen to, instead of those that nobody has.
    #[serde(default)]
    done: bool,
    /// How many at most, 1 to 100; 50 if left out.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: PageSize,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// What was found that a person should look at, soonest first. Practitioners see their own calendar's and clients'.
///
/// An item is about a time, and is kept until 90 days after it.
#[utoipa::path(get, path = "/v1/inbox", operation_id = "list_inbox", tag = "inbox", params(InboxParams),
    responses((status = 200, body = List<InboxItemView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<InboxParams>,
) -> Result<impl IntoResponse, Problem> {
    let standing = if params.done { Standing::Done } else { Standing::Open };
    Ok(Json(desk.inbox(&principal, standing, params.limit, params.cursor.as_ref()).await?))
}

/// An item of the inbox.
#[utoipa::path(get, path = "/v1/inbox/{id}", operation_id = "show_inbox_item", tag = "inbox", params(("id" = String, Path)),
    responses((status = 200, body = InboxItemView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<InboxId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.inbox_item(&principal, id).await?;
    Ok(Tagged(view.revision, view))
}

/// Say that someone has seen to an item. Once is enough: again, the answer is who did so first.
#[utoipa::path(post, path = "/v1/inbox/{id}/done", operation_id = "finish_inbox_item", tag = "inbox", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    responses((status = 200, body = InboxItemView, description = "Seen to"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn done(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<InboxId>,
    Command { conditions, .. }: Command<Nothing>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Stored(desk.inbox_done(&principal, &conditions, id).await?))
}
