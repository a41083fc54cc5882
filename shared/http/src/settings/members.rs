//! `/v1/members`.

use axum::{Json, extract::State, response::IntoResponse};
use hourkeep_app::{
    desk::Desk,
    list::List,
    settings::{MemberChange, MemberId, MemberRequest, MemberView},
};
use hourkeep_domain::{
    ids::PractitionerId,
    people::{MemberKind, Role},
    text::{Issuer, Name, Subject},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ListParams;
use crate::{
    body::nullable,
    openapi::{ChangeHeaders, IfMatchHeader},
    problem::Problem,
    request::{Caller, Command, Id, Params, Stored, Tagged},
};

/// A member to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMemberBody {
    /// Who vouches for the sign-in: the `iss` of their tokens; your own issuer if left out.
    #[schema(value_type = Option<String>, example = "https://sign-in.example")]
    issuer: Option<Issuer>,
    /// Whom they vouch for: the `sub` of their tokens. Of a machine that is what its issuer makes of the client that got
    /// the token: Cognito the client's id, Auth0 `{client id}@clients`; read it in one of its tokens.
    #[schema(value_type = String)]
    subject: Subject,
    /// `person`, or `machine` for another system with credentials of its own. It cannot be changed later.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "person")]
    kind: MemberKind,
    /// Their name, as the history shows it.
    #[schema(value_type = String)]
    name: Name,
    /// `director`, `practitioner` or `front_desk`. A machine can be no director.
    #[schema(value_type = String, example = "front_desk")]
    role: Role,
    /// The practitioner that they are; needed for the practitioner role.
    #[schema(value_type = Option<String>)]
    practitioner_id: Option<PractitionerId>,
}

/// What is to change. What is left out stays; null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberChangeBody {
    /// Their name, as the history shows it.
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    /// `director`, `practitioner` or `front_desk`.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// The practitioner that they are.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    practitioner_id: Option<Option<PractitionerId>>,
    /// Whether they still may.
    active: Option<bool>,
}

/// All members. Directors may.
#[utoipa::path(get, path = "/v1/members", operation_id = "list_members", tag = "practice", params(ListParams),
    responses((status = 200, body = List<MemberView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Params(params): Params<ListParams>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(desk.list_members(&principal, params.include_inactive).await?))
}

/// Add a member. Directors may.
#[utoipa::path(post, path = "/v1/members", operation_id = "create_member", tag = "practice", params(ChangeHeaders), request_body = NewMemberBody,
    responses((status = 201, body = MemberView, description = "Added"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Command { conditions, body }: Command<NewMemberBody>,
) -> Result<impl IntoResponse, Problem> {
    let request = MemberRequest {
        issuer: body.issuer,
        subject: body.subject,
        kind: body.kind,
        name: body.name,
        role: body.role,
        practitioner: body.practitioner_id,
    };
    Ok(Stored(desk.create_member(&principal, &conditions, &request).await?))
}

/// A member. Directors may.
#[utoipa::path(get, path = "/v1/members/{id}", operation_id = "show_member", tag = "practice", params(("id" = String, Path)),
    responses((status = 200, body = MemberView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<MemberId>,
) -> Result<impl IntoResponse, Problem> {
    let view = desk.show_member(&principal, &id).await?;
    Ok(Tagged(view.revision, view))
}

/// Change a member, or deactivate them. Directors may; the last one stays a director.
#[utoipa::path(patch, path = "/v1/members/{id}", operation_id = "change_member", tag = "practice", params(("id" = String, Path), ChangeHeaders, IfMatchHeader),
    request_body = MemberChangeBody,
    responses((status = 200, body = MemberView, description = "Changed"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(desk): State<Desk>,
    Caller(principal): Caller,
    Id(id): Id<MemberId>,
    Command { conditions, body }: Command<MemberChangeBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = MemberChange { name: body.name, role: body.role, practitioner: body.practitioner_id, active: body.active };
    Ok(Stored(desk.change_member(&principal, &conditions, &id, &change).await?))
}
