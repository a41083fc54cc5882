//! Each fault gives the promised effect and takes the SDK's real path.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use super::sheet::{TABLE, dynamo, increment, new_item, put, s, transact, value};
use crate::{Fault, Moment, Outcome, Script};

async fn try_get(client: &Client) -> Result<(), String> {
    let got = client.get_item().table_name(TABLE).key("pk", s("a")).key("sk", s("x")).send().await;
    got.map(|_| ()).map_err(|error| error.code().unwrap_or("dispatch").to_owned())
}

#[tokio::test]
async fn not_sent_leaves_no_trace_and_is_retried() {
    let dynamo = dynamo().await;
    dynamo.script().at(0, Fault::NotSent);
    put(&dynamo.client(), "a", "1").await;
    let outcomes: Vec<Outcome> = dynamo.log().take().0.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Broken, Outcome::Answered(200)]);
}

#[tokio::test]
async fn not_sent_three_times_outlasts_the_sdk() {
    let dynamo = dynamo().await;
    dynamo.script().add(Fault::NotSent.at(0).times(3));
    let error = transact(&dynamo.client(), None, vec![new_item("a")]).await.unwrap_err();
    let SdkError::DispatchFailure(failure) = error else { panic!("{error:?}") };
    assert!(failure.is_io());
    assert_eq!(value(&dynamo.quiet_client(), "a").await, None);
}

#[tokio::test]
async fn a_transaction_whose_answer_is_lost_is_retried_with_its_token_and_applied_once() {
    let dynamo = dynamo().await;
    dynamo.script().add(Fault::AnswerLost.at(0).times(2));
    transact(&dynamo.client(), None, vec![increment("a"), new_item("b")]).await.unwrap();

    let traffic = dynamo.log().take();
    let tokens: Vec<&str> = traffic.0.iter().map(|one| one.request["ClientRequestToken"].as_str().unwrap()).collect();
    assert_eq!(traffic.operations(), ["TransactWriteItems"; 3]);
    assert_eq!([tokens[1], tokens[2]], [tokens[0]; 2], "the SDK keeps the token that it made");
    assert_eq!(value(&dynamo.quiet_client(), "a").await.unwrap(), "1");
}

#[tokio::test]
async fn an_answer_lost_for_good_took_effect_and_only_its_own_token_knows_it_again() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    dynamo.script().add(Fault::AnswerLost.at(0).times(3));
    let error = transact(&client, Some("mine"), vec![new_item("a")]).await.unwrap_err();
    let SdkError::DispatchFailure(failure) = error else { panic!("{error:?}") };
    assert!(failure.is_timeout());
    assert_eq!(value(&dynamo.quiet_client(), "a").await.unwrap(), "new");

    transact(&client, Some("mine"), vec![new_item("a")]).await.unwrap();
    let refused = transact(&client, Some("another"), vec![new_item("a")]).await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = refused else { panic!("{refused:?}") };
    assert_eq!(cancelled.cancellation_reasons()[0].code(), Some("ConditionalCheckFailed"));
    let mismatch = transact(&client, Some("mine"), vec![new_item("b")]).await.unwrap_err().into_service_error();
    assert!(matches!(mismatch, TransactWriteItemsError::IdempotentParameterMismatchException(_)), "{mismatch:?}");
}

#[tokio::test]
async fn a_put_without_a_token_is_applied_again_after_a_lost_answer() {
    let dynamo = dynamo().await;
    dynamo.script().at(0, Fault::AnswerLost);
    let client = dynamo.client();
    let put =
        client.put_item().table_name(TABLE).item("pk", s("a")).item("sk", s("x")).condition_expression("attribute_not_exists(pk)");
    // A conditional put so clashes with itself: this is why commits carry a token.
    assert_eq!(put.send().await.unwrap_err().code(), Some("ConditionalCheckFailedException"));
    assert_eq!(dynamo.log().take().operations(), ["PutItem"; 2]);
}

#[tokio::test]
async fn throttling_and_server_errors_are_retried_by_the_sdk() {
    for (fault, code) in [(Fault::Throttled, "ProvisionedThroughputExceededException"), (Fault::ServerError, "InternalServerError")]
    {
        let dynamo = dynamo().await;
        let client = dynamo.client();
        dynamo.script().add(fault.at(0).times(2));
        assert_eq!(try_get(&client).await, Ok(()), "{fault:?}");
        assert_eq!(dynamo.log().take().requests(), 3, "{fault:?}");
        dynamo.script().add(fault.at(0).forever());
        assert_eq!(try_get(&client).await, Err(code.into()));
        assert_eq!(dynamo.log().take().requests(), 3, "{fault:?}");
        dynamo.script().clear();
        assert_eq!(try_get(&client).await, Ok(()), "{fault:?}");
    }
}

#[tokio::test]
async fn a_transaction_conflict_is_left_to_the_caller_with_one_reason_per_action() {
    let dynamo = dynamo().await;
    dynamo.script().at(0, Fault::TransactionConflict);
    let actions = vec![new_item("a"), new_item("b"), new_item("c")];
    let error = transact(&dynamo.client(), None, actions).await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { panic!("{error:?}") };
    let codes: Vec<Option<&str>> = cancelled.cancellation_reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!(codes, [Some("None"), Some("None"), Some("TransactionConflict")]);
    assert_eq!(dynamo.log().take().requests(), 1);
    assert_eq!(value(&dynamo.quiet_client(), "a").await, None);
}

#[tokio::test]
async fn outside_a_transaction_a_conflict_has_an_exception_of_its_own() {
    let dynamo = dynamo().await;
    dynamo.script().add(Fault::TransactionConflict.at(0).forever());
    assert_eq!(try_get(&dynamo.client()).await, Err("TransactionConflictException".into()));
    assert_eq!(dynamo.log().take().requests(), 1, "the SDK does not retry this one either");
}

#[tokio::test]
async fn a_hook_sees_the_request() {
    let dynamo = dynamo().await;
    dynamo.script().decide(|call| (call.body["Item"]["pk"]["S"] == "b").then_some(Fault::NotSent));
    let client = dynamo.client();
    put(&client, "a", "1").await;
    assert!(client.put_item().table_name(TABLE).item("pk", s("b")).item("sk", s("x")).send().await.is_err());
}

#[tokio::test]
async fn a_test_can_fail_every_call_in_turn_over_wire_and_ports() {
    let dynamo = dynamo().await;
    let mut points = Vec::new();
    for k in 0.. {
        let script = Script::new();
        script.crash_at(k, Moment::AfterEffect);
        let client = dynamo.client_with(&script);
        let pk = format!("run{k}");
        let armed = script.next("timers.arm").is_none();
        let committed = armed && transact(&client, None, vec![new_item(&pk)]).await.is_ok();
        if committed {
            let _sent = script.next("mailer.send");
        }
        let Some(first) = script.fired().into_iter().next() else { break };
        points.push(first.label);
        assert_eq!(value(&dynamo.quiet_client(), &pk).await.is_some(), k > 0, "crash at {k}");
    }
    assert_eq!(points, ["timers.arm", "TransactWriteItems", "mailer.send"]);
}

#[tokio::test]
async fn hundreds_of_retries_in_one_process_do_not_use_up_the_sdks_quota() {
    let dynamo = dynamo().await;
    let client = dynamo.client();
    dynamo.script().add(Fault::Throttled.at(0).forever());
    let began = std::time::Instant::now();
    for _ in 0..100 {
        try_get(&client).await.unwrap_err();
    }
    assert_eq!(dynamo.log().take().requests(), 300);
    assert!(began.elapsed().as_secs() < 10, "the backoff is made short: {:?}", began.elapsed());
}
