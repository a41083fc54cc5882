//! Capacity units: what DynamoDB bills, estimated from a request or read from an answer.

use dynoxide::types::{Item, item_size, write_capacity_units};
use serde_json::Value;

/// Read and write units. Reads come in halves, hence the float.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units.
    pub write: f64,
}

/// The write units of a request, from its body alone: one per started KB of each item, twice that in a transaction, indexes not
/// counted. `None` for what is not a write.
///
/// Exact for a put that replaces nothing larger. The rest of an updated item, and an item that is deleted or only checked, are
/// not in the request: an update is taken to be its key and its values, the others one unit. [`reported_units`] knows better.
pub fn estimated_write_units(operation: &str, request: &Value) -> Option<f64> {
    match operation {
        "PutItem" => Some(of_put(request)),
        "UpdateItem" => Some(of_update(request)),
        "DeleteItem" => Some(1.0),
        "BatchWriteItem" => {
            let requests = request["RequestItems"].as_object()?.values().filter_map(Value::as_array).flatten();
            Some(requests.map(|one| one.get("PutRequest").map_or(1.0, of_put)).sum())
        }
        "TransactWriteItems" => {
            let actions = request["TransactItems"].as_array()?;
            Some(actions.iter().map(|action| 2.0 * of_action(action)).sum())
        }
        _ => None,
    }
}

/// The units that an answer reports in `ConsumedCapacity`, its indexes included; `None` where it reports none.
pub fn reported_units(operation: &str, answer: &Value) -> Option<Units> {
    let reported = match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().collect(),
        Value::Object(_) => vec![&answer["ConsumedCapacity"]],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    let mut units = Units::default();
    for table in reported {
        let (read, write) = (table["ReadCapacityUnits"].as_f64(), table["WriteCapacityUnits"].as_f64());
        if read.is_some() || write.is_some() {
            units.read += read.unwrap_or_default();
            units.write += write.unwrap_or_default();
        } else if is_write(operation) {
            units.write += table["CapacityUnits"].as_f64().unwrap_or_default();
        } else {
            units.read += table["CapacityUnits"].as_f64().unwrap_or_default();
        }
    }
    Some(units)
}

/// Whether a request of this operation can ask for `ReturnConsumedCapacity`.
pub(crate) fn reports_units(operation: &str) -> bool {
    is_write(operation) || matches!(operation, "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan")
}

fn is_write(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems")
}

fn of_action(action: &Value) -> f64 {
    if let Some(put) = action.get("Put") {
        of_put(put)
    } else if let Some(update) = action.get("Update") {
        of_update(update)
    } else {
        1.0
    }
}

fn of_put(put: &Value) -> f64 {
    write_capacity_units(size(&put["Item"]))
}

fn of_update(update: &Value) -> f64 {
    write_capacity_units(size(&update["Key"]) + size(&update["ExpressionAttributeValues"]))
}

/// The billed size of an item in bytes: names and values as DynamoDB counts them.
fn size(item: &Value) -> usize {
    if item.is_null() { 0 } else { item_size(&serde_json::from_value::<Item>(item.clone()).unwrap()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An item of exactly `bytes` bytes: "pk" and "k" are three, "v" is one.
    fn item(bytes: usize) -> Value {
        json!({ "pk": { "S": "k" }, "v": { "S": "x".repeat(bytes - 4) } })
    }

    #[test]
    fn a_put_costs_one_unit_per_started_kilobyte() {
        for (bytes, units) in [(5, 1.0), (1024, 1.0), (1025, 2.0), (2048, 2.0), (2049, 3.0)] {
            assert_eq!(estimated_write_units("PutItem", &json!({ "Item": item(bytes) })), Some(units), "{bytes} bytes");
        }
    }

    #[test]
    fn sizes_follow_dynamodbs_rules() {
        assert_eq!(size(&json!({ "é": { "S": "é" } })), 4);
        assert_eq!(size(&json!({ "n": { "N": "1234" } })), 1 + 3);
        assert_eq!(size(&json!({ "b": { "BOOL": true }, "z": { "NULL": true } })), 2 + 2);
        assert_eq!(size(&json!({ "b": { "B": "AAAA" } })), 1 + 3);
        assert_eq!(size(&json!({ "l": { "L": [{ "S": "ab" }] } })), 1 + 3 + 1 + 2);
        assert_eq!(size(&json!({ "m": { "M": { "k": { "S": "ab" } } } })), 1 + 3 + 1 + 1 + 2);
    }

    #[test]
    fn a_transaction_costs_double_and_rounds_per_item() {
        let request = json!({ "TransactItems": [
            { "Put": { "Item": item(1025) } },
            { "Update": { "Key": { "pk": { "S": "k" } }, "ExpressionAttributeValues": { ":v": { "S": "x" } } } },
            { "Delete": { "Key": { "pk": { "S": "k" } } } },
            { "ConditionCheck": { "Key": { "pk": { "S": "k" } } } },
        ] });
        assert_eq!(estimated_write_units("TransactWriteItems", &request), Some(4.0 + 2.0 + 2.0 + 2.0));
    }

    #[test]
    fn a_batch_is_the_sum_of_its_requests_and_a_read_is_no_write() {
        let request = json!({ "RequestItems": { "t": [{ "PutRequest": { "Item": item(2000) } }, { "DeleteRequest": {} }] } });
        assert_eq!(estimated_write_units("BatchWriteItem", &request), Some(3.0));
        assert_eq!(estimated_write_units("GetItem", &json!({})), None);
    }

    #[test]
    fn reported_units_are_read_in_all_three_forms() {
        let one = json!({ "ConsumedCapacity": { "CapacityUnits": 0.5 } });
        assert_eq!(reported_units("GetItem", &one), Some(Units { read: 0.5, write: 0.0 }));
        let many = json!({ "ConsumedCapacity": [{ "CapacityUnits": 2.0 }, { "CapacityUnits": 3.0 }] });
        assert_eq!(reported_units("BatchWriteItem", &many), Some(Units { read: 0.0, write: 5.0 }));
        let named = json!({ "ConsumedCapacity": [{ "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0 }] });
        assert_eq!(reported_units("TransactWriteItems", &named), Some(Units { read: 0.0, write: 6.0 }));
        assert_eq!(reported_units("GetItem", &json!({})), None);
    }
}
