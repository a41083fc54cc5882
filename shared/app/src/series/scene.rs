//! A series with all its places, as they were read.

use hourkeep_domain::{
    ids::{PracticeId, SeriesId},
    series::{Place, Series},
    session::Session,
};
use hourkeep_store::{Range, Table, key};

use crate::error::Error;

/// A series, its places in order, and their sessions.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) series: Series,
    pub(crate) places: Vec<(Place, Option<Session>)>,
}

impl Scene {
    /// Reads it, if there is one: two rounds, and one request for each hundred sessions.
    pub(crate) async fn read(table: &Table, practice: PracticeId, id: SeriesId) -> Result<Option<Self>, Error> {
        let place = key::series(practice, id);
        let (series, places) = tokio::try_join!(async { Ok::<_, Error>(table.get::<Series>(&place).await?) }, async {
            places(table, practice, id).await
        },)?;
        let Some(series) = series.map(|stored| stored.body) else { return Ok(None) };
        Ok(Some(Self { series, places: with_sessions(table, practice, places).await? }))
    }
}

/// The places of a series, in order.
pub(super) async fn places(table: &Table, practice: PracticeId, id: SeriesId) -> Result<Vec<Place>, Error> {
    let range = Range::Prefix(key::PLACES.to_owned());
    let page = table.query::<Place>(&key::series_partition(practice, id), &range, None, None).await?;
    Ok(page.items.into_iter().map(|(_, stored)| stored.body).collect())
}

/// Places with their sessions.
pub(super) async fn with_sessions(
    table: &Table,
    practice: PracticeId,
    places: Vec<Place>,
) -> Result<Vec<(Place, Option<Session>)>, Error> {
    let keys = places.iter().filter_map(Place::session).map(|session| key::session(practice, session));
    let batch = table.get_all(keys).await?;
    let with_session = |place: Place| {
        let session = place.session().map(|session| batch.body::<Session>(&key::session(practice, session)));
        Ok((place, session.transpose()?.flatten()))
    };
    places.into_iter().map(with_session).collect()
}
