//! Operations of risk in money.

use super::general::{get, query};
use super::operation::{Answer, Operation, Rights, refer};
use serde_json::{Value as Json, json};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource};

/// Heading of risk in money.
pub const TAG: &str = "risk in money";

fn answer(about: &'static str) -> Vec<Answer> {
    let schema = Some(json!({ "type": "object" }));
    vec![Answer { status: 200, about, schema, example: None, headers: Vec::new() }]
}

/// The operations.
pub fn operations() -> Vec<Operation> {
    let whole = |verb| Rights::Right(Named::RiskPortfolio.into(), verb);
    let of = |register, verb| Rights::Right(Resource::Register(register), verb);
    let id: Json = json!({ "name": "id", "in": "path", "required": true, "description": "Hash of the run, or its first eight characters or more.", "schema": { "type": "string" } });
    let risk = || refer("parameters", "reference");
    let run_body = json!({ "type": "object", "properties": { "confirm": { "type": "string", "description": "Hash of a draft whose figures are to stand." } } });
    let import = json!({ "type": "object", "required": ["content"], "properties": {
        "name": { "type": "string" }, "content": { "type": "string" }, "questions": { "type": "string", "description": "Questions with true answers, for a table of calibration answers." }, "currency": { "type": "string" },
        "price_year": { "type": "integer" }, "risk": { "type": "string", "description": "Reference of the risk under which scenarios are kept as drafts; without it nothing is kept." }
    } });
    let copy = json!({ "type": "object", "required": ["from", "risk"], "properties": {
        "from": { "type": "string", "description": "Key of a built-in scenario, or reference of an own one." },
        "risk": { "type": "string", "description": "Reference of the risk that the copy spells out." }
    } });
    vec![
        Operation {
            answers: answer("Figures with bands, curves, appetite, contributors, causes of change. Money in major units of the run's currency."),
            ..get("/risk", "readRiskPortfolio", TAG, "The year's loss of the whole portfolio", whole(Verb::View))
        },
        Operation {
            parameters: vec![query("once", "Most cost once.", false), query("yearly", "Most cost a year.", false), query("staff_days", "Most staff-days.", false), query("tail", "`true`: minimise the worst years instead of the mean.", false)],
            answers: answer("Measures ranked, the plan with its proof, the frontier."),
            ..get("/risk/investments", "readRiskInvestments", TAG, "Which measures to buy", whole(Verb::View))
        },
        Operation {
            answers: answer("Estimates, most urgent first, and how people's ranges did."),
            ..get("/risk/estimates", "readRiskEstimates", TAG, "Estimates to renew", of("estimate", Verb::View))
        },
        Operation {
            parameters: vec![query("reference", "Reference of a matrix; that in use when absent.", false)],
            answers: answer("Cells with their risks, and the test of honesty."),
            ..get("/risk/matrix", "readRiskMatrix", TAG, "A matrix and how honest it is", of("risk_matrix", Verb::View))
        },
        Operation {
            answers: answer("Statements with their tests, and indicators."),
            ..get("/risk/appetite", "readRiskAppetite", TAG, "Appetite and indicators", whole(Verb::View))
        },
        Operation {
            answers: answer("Built-in scenarios with defaults, suggested shares of techniques and what they rest on; own scenarios; risks under which the caller may add one."),
            ..get("/risk/library", "readRiskLibrary", TAG, "The scenario library", of("scenario", Verb::View))
        },
        Operation {
            method: "post",
            body: Some((copy, json!({ "from": "ransomware", "risk": "RSK-0001" }))),
            answers: answer("The scenario, a draft; its estimates, all placeholders; effects that a person confirms; controls that nobody here has."),
            problems: vec![400, 403, 404, 413, 415, 422],
            ..get("/risk/library", "copyRiskScenario", TAG, "Copy a scenario under a risk", of("scenario", Verb::Add))
        },
        Operation {
            method: "post",
            body: Some((run_body, json!({}))),
            answers: answer("Hash of the newest run."),
            problems: vec![400, 403, 404, 409, 413, 415, 422],
            description: "Figures that move by 5 % or more wait until somebody with Approve confirms them.".into(),
            ..get("/risk/runs", "startRiskRun", TAG, "Run the engine, or confirm a draft", whole(Verb::Edit))
        },
        Operation {
            parameters: vec![id, query("rerun", "`true`: work it out again and compare.", false)],
            answers: answer("Model, options and result; or whether they match and what differs."),
            ..get("/risk/runs/{id}", "readRiskRun", TAG, "A run with its inputs", whole(Verb::View))
        },
        Operation {
            answers: vec![Answer { status: 200, about: "An XLSX workbook.", schema: None, example: None, headers: Vec::new() }],
            ..get("/risk/workbook", "readRiskWorkbook", TAG, "The newest run as a workbook", whole(Verb::Export))
        },
        Operation {
            method: "post",
            body: Some((import, json!({ "name": "model.toml", "content": "format = \"wardkeep-risk/1\"\ncurrency = \"EUR\"\nprice_year = 2026" }))),
            answers: answer("What was read, findings with place and remedy, and what was kept."),
            problems: vec![400, 403, 404, 413, 415, 422],
            ..get("/risk/imports", "judgeRiskImport", TAG, "Judge another tool's model", of("scenario", Verb::Add))
        },
        Operation {
            parameters: vec![risk()],
            answers: answer("Inputs, controls and their effect, curve, tornado, history, words beside figures."),
            ..get("/risks/{reference}/figures", "readRiskFigures", TAG, "Figures of one risk", of("risk", Verb::View))
        },
        Operation {
            parameters: vec![risk()],
            answers: answer("Before and after on the same cells: exact."),
            problems: vec![404, 409, 422],
            description: "Each parameter of the address is a slider of the risk's figures and its position: `?coverage:CTL-0014=98`.".into(),
            ..get("/risks/{reference}/what-if", "readRiskWhatIf", TAG, "What if", of("risk", Verb::View))
        },
    ]
}
