//! One operation: a method at an address.

use serde_json::{Map, Value as Json, json};
use wardkeep_register::Verb;
use wardkeep_rights::{Extent, Resource, who_may};

/// What it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// To be known: signed in or with a token.
    Known,
    /// A right somewhere, or on the record.
    Right(Resource, Verb),
    /// To move a record: the right that the move names, or Edit to ask for it.
    Move(Resource),
}

/// One successful answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// When it is given.
    pub about: &'static str,
    /// What it holds; absent when it has no body of JSON.
    pub schema: Option<Json>,
    /// What it may look like.
    pub example: Option<Json>,
    /// Headers worth knowing: name and what they say.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Answer {
    /// An answer with JSON in it.
    pub fn of(status: u16, about: &'static str, schema: &str) -> Self {
        let schema = Some(refer("schemas", schema));
        Self { status, about, schema, example: None, headers: Vec::new() }
    }
    /// Shows one.
    #[must_use]
    pub fn like(mut self, example: Json) -> Self {
        self.example = Some(example);
        self
    }
    /// Names a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, about: &'static str) -> Self {
        self.headers.push((name, about));
        self
    }
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Method, lower case.
    pub method: &'static str,
    /// Address, with names in braces.
    pub path: String,
    /// Unique name.
    pub id: String,
    /// Under which heading it stands.
    pub tag: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What one must know.
    pub description: String,
    /// What it takes.
    pub rights: Rights,
    /// Parameters.
    pub parameters: Vec<Json>,
    /// Schema and example of the body.
    pub body: Option<(Json, Json)>,
    /// Successful answers.
    pub answers: Vec<Answer>,
    /// Statuses of problems beside 401 and 500.
    pub problems: Vec<u16>,
}

/// A reference to a component.
pub fn refer(part: &str, name: &str) -> Json {
    json!({ "$ref": format!("#/components/{part}/{name}") })
}

/// The name of the answer for a status that is a problem.
pub fn problem_name(status: u16) -> String {
    let name = match status {
        400 => "Unreadable",
        401 => "Unauthorised",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        413 => "TooLarge",
        415 => "MediaType",
        422 => "Invalid",
        _ => "Fault",
    };
    name.to_owned()
}

impl Operation {
    /// The roles that have the right, "own" for those who have it on their own records only.
    pub fn roles(&self) -> Vec<(String, bool)> {
        let pairs = match self.rights {
            Rights::Known => Vec::new(),
            Rights::Right(resource, verb) => who_may(resource, verb),
            Rights::Move(resource) => who_may(resource, Verb::Edit),
        };
        pairs.into_iter().map(|(role, extent)| (role.key().to_owned(), extent == Extent::Own)).collect()
    }
    /// As the description has it.
    pub fn to_json(&self) -> Json {
        let mut json = Map::new();
        json.insert("operationId".into(), json!(self.id));
        json.insert("tags".into(), json!([self.tag]));
        json.insert("summary".into(), json!(self.summary));
        if !self.description.is_empty() {
            json.insert("description".into(), json!(self.description));
        }
        let rights = match self.rights {
            Rights::Known => None,
            Rights::Right(resource, verb) => Some(format!("{resource}:{verb}")),
            Rights::Move(resource) => Some(format!("{resource}:edit, or the right that the move names")),
        };
        if let Some(rights) = rights {
            let roles =
                self.roles().into_iter().map(|(role, own)| if own { format!("{role} (own)") } else { role });
            json.insert("x-rights".into(), json!(rights));
            json.insert("x-roles".into(), json!(roles.collect::<Vec<_>>()));
        }
        let mut parameters = self.parameters.clone();
        if self.method != "get" {
            parameters.push(refer("parameters", "csrf"));
        }
        if !parameters.is_empty() {
            json.insert("parameters".into(), json!(parameters));
        }
        if let Some((schema, example)) = &self.body {
            let content = json!({ "application/json": { "schema": schema, "example": example } });
            json.insert("requestBody".into(), json!({ "required": true, "content": content }));
        }
        json.insert("responses".into(), Json::Object(self.responses()));
        Json::Object(json)
    }
    fn responses(&self) -> Map<String, Json> {
        let mut responses = Map::new();
        for answer in &self.answers {
            let mut json = json!({ "description": answer.about });
            if !answer.headers.is_empty() {
                let header = |(name, about): &(&str, &str)| {
                    ((*name).to_owned(), json!({ "description": about, "schema": { "type": "string" } }))
                };
                json["headers"] = Json::Object(answer.headers.iter().map(header).collect());
            }
            if let Some(schema) = &answer.schema {
                let mut content = json!({ "schema": schema });
                if let Some(example) = &answer.example {
                    content["example"] = example.clone();
                }
                json["content"] = json!({ "application/json": content });
            }
            responses.insert(answer.status.to_string(), json);
        }
        let always = [401, 500].iter().chain(&self.problems);
        let mut problems: Vec<u16> = always.copied().collect();
        problems.sort_unstable();
        for status in problems {
            responses.insert(status.to_string(), refer("responses", &problem_name(status)));
        }
        responses
    }
}
