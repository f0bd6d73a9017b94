//! Classification of queries.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{RouteEnvelope, RouteRequest};

impl Client {
    /// Puts a query into one of the domains of a router, and checks its filters.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-router)
    pub fn route(
        &self,
        router_id: impl Into<String>,
        version: i32,
        body: impl TryInto<RouteRequest, Error: Display>,
    ) -> Call<RouteRequest, RouteEnvelope> {
        let router_id = router_id.into();
        call(self, plain(Operation::RouteQuery), request(body), move |raw, body| async move {
            raw.route_query().router_id(router_id).version(version).body(body).send().await
        })
    }
}
