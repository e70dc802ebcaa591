-- units
CREATE TABLE "unit" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "parent" {uuid},
  "owner" {uuid},
  "country" {text},
  "time_zone" {text},
  "currency" {text},
  "lei" {text},
  "purpose" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "unit_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "parent" {uuid},
  "owner" {uuid},
  "country" {text},
  "time_zone" {text},
  "currency" {text},
  "lei" {text},
  "purpose" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "unit_by_ref_number" ON "unit" (unit_id, "ref_number", id);
CREATE INDEX "unit_by_changed_at" ON "unit" (unit_id, "changed_at", id);
CREATE INDEX "unit_by_stage" ON "unit" (unit_id, "stage", id);
CREATE INDEX "unit_by_name" ON "unit" (unit_id, "name", id);
CREATE INDEX "unit_by_kind" ON "unit" (unit_id, "kind", id);
CREATE INDEX "unit_by_parent" ON "unit" (unit_id, "parent", id);
CREATE INDEX "unit_by_owner" ON "unit" (unit_id, "owner", id);
CREATE INDEX "unit_by_country" ON "unit" (unit_id, "country", id);
CREATE INDEX "unit_of_owner" ON "unit" ("owner");

-- teams
CREATE TABLE "team" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "duty" {text},
  "purpose" {text},
  "owner" {uuid},
  "deputy" {uuid},
  "email" {text},
  "phone" {text},
  "on_call" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "team_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "duty" {text},
  "purpose" {text},
  "owner" {uuid},
  "deputy" {uuid},
  "email" {text},
  "phone" {text},
  "on_call" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "team_by_ref_number" ON "team" (unit_id, "ref_number", id);
CREATE INDEX "team_by_changed_at" ON "team" (unit_id, "changed_at", id);
CREATE INDEX "team_by_stage" ON "team" (unit_id, "stage", id);
CREATE INDEX "team_by_name" ON "team" (unit_id, "name", id);
CREATE INDEX "team_by_duty" ON "team" (unit_id, "duty", id);
CREATE INDEX "team_by_owner" ON "team" (unit_id, "owner", id);
CREATE INDEX "team_by_deputy" ON "team" (unit_id, "deputy", id);
CREATE INDEX "team_by_email" ON "team" (unit_id, "email", id);
CREATE INDEX "team_by_on_call" ON "team" (unit_id, "on_call", id);
CREATE INDEX "team_of_owner" ON "team" ("owner");

-- people
CREATE TABLE "person" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "email" {text},
  "job_title" {text},
  "lead" {uuid},
  "employment" {text},
  "personnel_number" {text},
  "phone" {text},
  "joined_on" {text},
  "left_on" {text},
  "privileged" {int},
  "account_names" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "person_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "email" {text},
  "job_title" {text},
  "lead" {uuid},
  "employment" {text},
  "personnel_number" {text},
  "phone" {text},
  "joined_on" {text},
  "left_on" {text},
  "privileged" {int},
  "account_names" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "person_by_ref_number" ON "person" (unit_id, "ref_number", id);
CREATE INDEX "person_by_changed_at" ON "person" (unit_id, "changed_at", id);
CREATE INDEX "person_by_stage" ON "person" (unit_id, "stage", id);
CREATE INDEX "person_by_name" ON "person" (unit_id, "name", id);
CREATE INDEX "person_by_email" ON "person" (unit_id, "email", id);
CREATE INDEX "person_by_job_title" ON "person" (unit_id, "job_title", id);
CREATE INDEX "person_by_lead" ON "person" (unit_id, "lead", id);
CREATE INDEX "person_by_employment" ON "person" (unit_id, "employment", id);
CREATE INDEX "person_by_left_on" ON "person" (unit_id, "left_on", id);
CREATE INDEX "person_by_privileged" ON "person" (unit_id, "privileged", id);
CREATE UNIQUE INDEX "person_one_email" ON "person" ("email");
CREATE UNIQUE INDEX "person_one_personnel_number" ON "person" ("personnel_number");

-- objectives
CREATE TABLE "objective" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "reason" {text},
  "owner" {uuid},
  "measure" {text},
  "base" {int},
  "current" {int},
  "target" {int},
  "trend" {text},
  "due" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "objective_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "reason" {text},
  "owner" {uuid},
  "measure" {text},
  "base" {int},
  "current" {int},
  "target" {int},
  "trend" {text},
  "due" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "objective_by_ref_number" ON "objective" (unit_id, "ref_number", id);
CREATE INDEX "objective_by_changed_at" ON "objective" (unit_id, "changed_at", id);
CREATE INDEX "objective_by_stage" ON "objective" (unit_id, "stage", id);
CREATE INDEX "objective_by_name" ON "objective" (unit_id, "name", id);
CREATE INDEX "objective_by_owner" ON "objective" (unit_id, "owner", id);
CREATE INDEX "objective_by_measure" ON "objective" (unit_id, "measure", id);
CREATE INDEX "objective_by_current" ON "objective" (unit_id, "current", id);
CREATE INDEX "objective_by_target" ON "objective" (unit_id, "target", id);
CREATE INDEX "objective_by_trend" ON "objective" (unit_id, "trend", id);
CREATE INDEX "objective_by_due" ON "objective" (unit_id, "due", id);
CREATE INDEX "objective_of_owner" ON "objective" ("owner");

-- policies
CREATE TABLE "policy" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "edition" {text},
  "owner" {uuid},
  "summary" {text},
  "body" {text},
  "file" {text},
  "change_note" {text},
  "classification" {text},
  "for_everybody" {int},
  "needs_confirmation" {int},
  "in_force_from" {text},
  "review_every" {int},
  "review_on" {text},
  "replaces" {uuid},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "policy_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "edition" {text},
  "owner" {uuid},
  "summary" {text},
  "body" {text},
  "file" {text},
  "change_note" {text},
  "classification" {text},
  "for_everybody" {int},
  "needs_confirmation" {int},
  "in_force_from" {text},
  "review_every" {int},
  "review_on" {text},
  "replaces" {uuid},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "policy_by_ref_number" ON "policy" (unit_id, "ref_number", id);
CREATE INDEX "policy_by_changed_at" ON "policy" (unit_id, "changed_at", id);
CREATE INDEX "policy_by_stage" ON "policy" (unit_id, "stage", id);
CREATE INDEX "policy_by_name" ON "policy" (unit_id, "name", id);
CREATE INDEX "policy_by_kind" ON "policy" (unit_id, "kind", id);
CREATE INDEX "policy_by_edition" ON "policy" (unit_id, "edition", id);
CREATE INDEX "policy_by_owner" ON "policy" (unit_id, "owner", id);
CREATE INDEX "policy_by_classification" ON "policy" (unit_id, "classification", id);
CREATE INDEX "policy_by_for_everybody" ON "policy" (unit_id, "for_everybody", id);
CREATE INDEX "policy_by_needs_confirmation" ON "policy" (unit_id, "needs_confirmation", id);
CREATE INDEX "policy_by_review_on" ON "policy" (unit_id, "review_on", id);
CREATE INDEX "policy_of_owner" ON "policy" ("owner");

-- frameworks
CREATE TABLE "framework" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "urn" {text},
  "edition" {text},
  "publisher" {text},
  "obligation" {text},
  "owner" {uuid},
  "licence" {text},
  "copyright" {text},
  "summary" {text},
  "address" {text},
  "format" {text},
  "language" {text},
  "source_sha256" {text},
  "requirements" {int},
  "score_from" {int},
  "score_to" {int},
  "superseded_by" {uuid},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "framework_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "urn" {text},
  "edition" {text},
  "publisher" {text},
  "obligation" {text},
  "owner" {uuid},
  "licence" {text},
  "copyright" {text},
  "summary" {text},
  "address" {text},
  "format" {text},
  "language" {text},
  "source_sha256" {text},
  "requirements" {int},
  "score_from" {int},
  "score_to" {int},
  "superseded_by" {uuid},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "framework_by_ref_number" ON "framework" (unit_id, "ref_number", id);
CREATE INDEX "framework_by_changed_at" ON "framework" (unit_id, "changed_at", id);
CREATE INDEX "framework_by_stage" ON "framework" (unit_id, "stage", id);
CREATE INDEX "framework_by_name" ON "framework" (unit_id, "name", id);
CREATE INDEX "framework_by_edition" ON "framework" (unit_id, "edition", id);
CREATE INDEX "framework_by_publisher" ON "framework" (unit_id, "publisher", id);
CREATE INDEX "framework_by_obligation" ON "framework" (unit_id, "obligation", id);
CREATE INDEX "framework_by_owner" ON "framework" (unit_id, "owner", id);
CREATE INDEX "framework_by_licence" ON "framework" (unit_id, "licence", id);
CREATE INDEX "framework_by_format" ON "framework" (unit_id, "format", id);
CREATE INDEX "framework_by_requirements" ON "framework" (unit_id, "requirements", id);
CREATE UNIQUE INDEX "framework_one_urn" ON "framework" ("urn");
CREATE INDEX "framework_of_owner" ON "framework" ("owner");

-- suppliers
CREATE TABLE "supplier" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "services" {text},
  "owner" {uuid},
  "tier" {text},
  "data_class" {text},
  "access" {text},
  "continuity" {text},
  "spend" {text},
  "raised_to" {text},
  "lei" {text},
  "country" {text},
  "contact_email" {text},
  "parent" {uuid},
  "contract_start" {text},
  "contract_end" {text},
  "notice" {int},
  "incident_notice" {int},
  "audit_right" {int},
  "exit_plan" {text},
  "report_until" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "supplier_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "services" {text},
  "owner" {uuid},
  "tier" {text},
  "data_class" {text},
  "access" {text},
  "continuity" {text},
  "spend" {text},
  "raised_to" {text},
  "lei" {text},
  "country" {text},
  "contact_email" {text},
  "parent" {uuid},
  "contract_start" {text},
  "contract_end" {text},
  "notice" {int},
  "incident_notice" {int},
  "audit_right" {int},
  "exit_plan" {text},
  "report_until" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "supplier_by_ref_number" ON "supplier" (unit_id, "ref_number", id);
CREATE INDEX "supplier_by_changed_at" ON "supplier" (unit_id, "changed_at", id);
CREATE INDEX "supplier_by_stage" ON "supplier" (unit_id, "stage", id);
CREATE INDEX "supplier_by_name" ON "supplier" (unit_id, "name", id);
CREATE INDEX "supplier_by_owner" ON "supplier" (unit_id, "owner", id);
CREATE INDEX "supplier_by_tier" ON "supplier" (unit_id, "tier", id);
CREATE INDEX "supplier_by_country" ON "supplier" (unit_id, "country", id);
CREATE INDEX "supplier_by_contract_end" ON "supplier" (unit_id, "contract_end", id);
CREATE INDEX "supplier_by_report_until" ON "supplier" (unit_id, "report_until", id);
CREATE UNIQUE INDEX "supplier_one_lei" ON "supplier" ("lei");
CREATE INDEX "supplier_of_owner" ON "supplier" ("owner");

-- exceptions
CREATE TABLE "exception" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "target" {text},
  "subject_id" {text},
  "subjects" {text},
  "reason" {text},
  "compensation" {text},
  "at_stake" {int},
  "at_stake_currency" {text},
  "owner" {uuid},
  "starts_on" {text},
  "until" {text},
  "conditions" {text},
  "preventive" {int},
  "renews" {uuid},
  "renewals" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "exception_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "target" {text},
  "subject_id" {text},
  "subjects" {text},
  "reason" {text},
  "compensation" {text},
  "at_stake" {int},
  "at_stake_currency" {text},
  "owner" {uuid},
  "starts_on" {text},
  "until" {text},
  "conditions" {text},
  "preventive" {int},
  "renews" {uuid},
  "renewals" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "exception_by_ref_number" ON "exception" (unit_id, "ref_number", id);
CREATE INDEX "exception_by_changed_at" ON "exception" (unit_id, "changed_at", id);
CREATE INDEX "exception_by_stage" ON "exception" (unit_id, "stage", id);
CREATE INDEX "exception_by_name" ON "exception" (unit_id, "name", id);
CREATE INDEX "exception_by_target" ON "exception" (unit_id, "target", id);
CREATE INDEX "exception_by_at_stake" ON "exception" (unit_id, "at_stake", id);
CREATE INDEX "exception_by_owner" ON "exception" (unit_id, "owner", id);
CREATE INDEX "exception_by_until" ON "exception" (unit_id, "until", id);
CREATE INDEX "exception_by_renewals" ON "exception" (unit_id, "renewals", id);
CREATE INDEX "exception_of_owner" ON "exception" ("owner");

-- tasks
CREATE TABLE "task" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "details" {text},
  "kind" {text},
  "owner" {uuid},
  "priority" {text},
  "due" {text},
  "due_at" {int},
  "recurrence" {text},
  "anchor" {text},
  "lead_time" {int},
  "evidence_wanted" {int},
  "blocks_move" {int},
  "incident" {uuid},
  "outcome" {text},
  "done_at" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "task_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "details" {text},
  "kind" {text},
  "owner" {uuid},
  "priority" {text},
  "due" {text},
  "due_at" {int},
  "recurrence" {text},
  "anchor" {text},
  "lead_time" {int},
  "evidence_wanted" {int},
  "blocks_move" {int},
  "incident" {uuid},
  "outcome" {text},
  "done_at" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "task_by_ref_number" ON "task" (unit_id, "ref_number", id);
CREATE INDEX "task_by_changed_at" ON "task" (unit_id, "changed_at", id);
CREATE INDEX "task_by_stage" ON "task" (unit_id, "stage", id);
CREATE INDEX "task_by_name" ON "task" (unit_id, "name", id);
CREATE INDEX "task_by_kind" ON "task" (unit_id, "kind", id);
CREATE INDEX "task_by_owner" ON "task" (unit_id, "owner", id);
CREATE INDEX "task_by_priority" ON "task" (unit_id, "priority", id);
CREATE INDEX "task_by_due" ON "task" (unit_id, "due", id);
CREATE INDEX "task_by_evidence_wanted" ON "task" (unit_id, "evidence_wanted", id);
CREATE INDEX "task_of_owner" ON "task" ("owner");

-- business services
CREATE TABLE "service" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "owner" {uuid},
  "criticality" {text},
  "rto" {int},
  "rpo" {int},
  "longest_stop" {int},
  "loss_per_hour" {int},
  "loss_per_hour_currency" {text},
  "in_emergency" {text},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "service_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "owner" {uuid},
  "criticality" {text},
  "rto" {int},
  "rpo" {int},
  "longest_stop" {int},
  "loss_per_hour" {int},
  "loss_per_hour_currency" {text},
  "in_emergency" {text},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "service_by_ref_number" ON "service" (unit_id, "ref_number", id);
CREATE INDEX "service_by_changed_at" ON "service" (unit_id, "changed_at", id);
CREATE INDEX "service_by_stage" ON "service" (unit_id, "stage", id);
CREATE INDEX "service_by_name" ON "service" (unit_id, "name", id);
CREATE INDEX "service_by_owner" ON "service" (unit_id, "owner", id);
CREATE INDEX "service_by_criticality" ON "service" (unit_id, "criticality", id);
CREATE INDEX "service_by_rto" ON "service" (unit_id, "rto", id);
CREATE INDEX "service_by_review_on" ON "service" (unit_id, "review_on", id);
CREATE INDEX "service_of_owner" ON "service" ("owner");

-- assets
CREATE TABLE "asset" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "description" {text},
  "owner" {uuid},
  "environment" {text},
  "exposure" {text},
  "confidentiality" {text},
  "integrity" {text},
  "availability" {text},
  "criticality" {text},
  "part_of" {uuid},
  "supplier" {uuid},
  "hostnames" {text},
  "addresses" {text},
  "aliases" {text},
  "cloud_id" {text},
  "software_id" {text},
  "product" {text},
  "serial_number" {text},
  "planned_upgrade" {text},
  "end_of_support" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "asset_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "description" {text},
  "owner" {uuid},
  "environment" {text},
  "exposure" {text},
  "confidentiality" {text},
  "integrity" {text},
  "availability" {text},
  "criticality" {text},
  "part_of" {uuid},
  "supplier" {uuid},
  "hostnames" {text},
  "addresses" {text},
  "aliases" {text},
  "cloud_id" {text},
  "software_id" {text},
  "product" {text},
  "serial_number" {text},
  "planned_upgrade" {text},
  "end_of_support" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "asset_by_ref_number" ON "asset" (unit_id, "ref_number", id);
CREATE INDEX "asset_by_changed_at" ON "asset" (unit_id, "changed_at", id);
CREATE INDEX "asset_by_stage" ON "asset" (unit_id, "stage", id);
CREATE INDEX "asset_by_name" ON "asset" (unit_id, "name", id);
CREATE INDEX "asset_by_kind" ON "asset" (unit_id, "kind", id);
CREATE INDEX "asset_by_owner" ON "asset" (unit_id, "owner", id);
CREATE INDEX "asset_by_environment" ON "asset" (unit_id, "environment", id);
CREATE INDEX "asset_by_exposure" ON "asset" (unit_id, "exposure", id);
CREATE INDEX "asset_by_criticality" ON "asset" (unit_id, "criticality", id);
CREATE INDEX "asset_by_end_of_support" ON "asset" (unit_id, "end_of_support", id);
CREATE UNIQUE INDEX "asset_one_cloud_id" ON "asset" ("cloud_id");
CREATE UNIQUE INDEX "asset_one_software_id" ON "asset" ("software_id");
CREATE UNIQUE INDEX "asset_one_serial_number" ON "asset" ("serial_number");
CREATE INDEX "asset_of_owner" ON "asset" ("owner");

-- data categories
CREATE TABLE "data_category" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "classification" {text},
  "personal" {text},
  "owner" {uuid},
  "handling" {text},
  "encrypted_at_rest" {int},
  "encrypted_in_transit" {int},
  "may_feed_outside_ai" {int},
  "kept_for" {int},
  "legal_basis" {text},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "data_category_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "classification" {text},
  "personal" {text},
  "owner" {uuid},
  "handling" {text},
  "encrypted_at_rest" {int},
  "encrypted_in_transit" {int},
  "may_feed_outside_ai" {int},
  "kept_for" {int},
  "legal_basis" {text},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "data_category_by_ref_number" ON "data_category" (unit_id, "ref_number", id);
CREATE INDEX "data_category_by_changed_at" ON "data_category" (unit_id, "changed_at", id);
CREATE INDEX "data_category_by_stage" ON "data_category" (unit_id, "stage", id);
CREATE INDEX "data_category_by_name" ON "data_category" (unit_id, "name", id);
CREATE INDEX "data_category_by_classification" ON "data_category" (unit_id, "classification", id);
CREATE INDEX "data_category_by_personal" ON "data_category" (unit_id, "personal", id);
CREATE INDEX "data_category_by_owner" ON "data_category" (unit_id, "owner", id);
CREATE INDEX "data_category_by_kept_for" ON "data_category" (unit_id, "kept_for", id);
CREATE INDEX "data_category_by_review_on" ON "data_category" (unit_id, "review_on", id);
CREATE INDEX "data_category_of_owner" ON "data_category" ("owner");

-- risks
CREATE TABLE "risk" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "owner" {uuid},
  "source" {text},
  "frequency" {text},
  "loss" {text},
  "treatment" {text},
  "treatment_plan" {text},
  "accepted_until" {text},
  "annual_loss" {int},
  "annual_loss_currency" {text},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "risk_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "description" {text},
  "owner" {uuid},
  "source" {text},
  "frequency" {text},
  "loss" {text},
  "treatment" {text},
  "treatment_plan" {text},
  "accepted_until" {text},
  "annual_loss" {int},
  "annual_loss_currency" {text},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "risk_by_ref_number" ON "risk" (unit_id, "ref_number", id);
CREATE INDEX "risk_by_changed_at" ON "risk" (unit_id, "changed_at", id);
CREATE INDEX "risk_by_stage" ON "risk" (unit_id, "stage", id);
CREATE INDEX "risk_by_name" ON "risk" (unit_id, "name", id);
CREATE INDEX "risk_by_owner" ON "risk" (unit_id, "owner", id);
CREATE INDEX "risk_by_source" ON "risk" (unit_id, "source", id);
CREATE INDEX "risk_by_treatment" ON "risk" (unit_id, "treatment", id);
CREATE INDEX "risk_by_annual_loss" ON "risk" (unit_id, "annual_loss", id);
CREATE INDEX "risk_by_review_on" ON "risk" (unit_id, "review_on", id);
CREATE INDEX "risk_of_owner" ON "risk" ("owner");

-- findings
CREATE TABLE "finding" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "class" {text},
  "severity" {text},
  "asset" {uuid},
  "owner" {uuid},
  "description" {text},
  "vulnerability" {text},
  "weaknesses" {text},
  "flaw" {text},
  "known_exploited" {int},
  "tool" {text},
  "rule" {text},
  "locus" {text},
  "identity" {text},
  "confidence" {text},
  "presence" {text},
  "verdict" {text},
  "verdict_reason" {text},
  "fixed_in" {text},
  "first_seen" {int},
  "last_seen" {int},
  "due" {text},
  "deadline_profile" {text},
  "deadline_outcome" {text},
  "reopened" {int},
  "closed_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "finding_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "class" {text},
  "severity" {text},
  "asset" {uuid},
  "owner" {uuid},
  "description" {text},
  "vulnerability" {text},
  "weaknesses" {text},
  "flaw" {text},
  "known_exploited" {int},
  "tool" {text},
  "rule" {text},
  "locus" {text},
  "identity" {text},
  "confidence" {text},
  "presence" {text},
  "verdict" {text},
  "verdict_reason" {text},
  "fixed_in" {text},
  "first_seen" {int},
  "last_seen" {int},
  "due" {text},
  "deadline_profile" {text},
  "deadline_outcome" {text},
  "reopened" {int},
  "closed_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "finding_by_ref_number" ON "finding" (unit_id, "ref_number", id);
CREATE INDEX "finding_by_changed_at" ON "finding" (unit_id, "changed_at", id);
CREATE INDEX "finding_by_stage" ON "finding" (unit_id, "stage", id);
CREATE INDEX "finding_by_name" ON "finding" (unit_id, "name", id);
CREATE INDEX "finding_by_class" ON "finding" (unit_id, "class", id);
CREATE INDEX "finding_by_severity" ON "finding" (unit_id, "severity", id);
CREATE INDEX "finding_by_asset" ON "finding" (unit_id, "asset", id);
CREATE INDEX "finding_by_owner" ON "finding" (unit_id, "owner", id);
CREATE INDEX "finding_by_vulnerability" ON "finding" (unit_id, "vulnerability", id);
CREATE INDEX "finding_by_known_exploited" ON "finding" (unit_id, "known_exploited", id);
CREATE INDEX "finding_by_presence" ON "finding" (unit_id, "presence", id);
CREATE INDEX "finding_by_verdict" ON "finding" (unit_id, "verdict", id);
CREATE INDEX "finding_by_due" ON "finding" (unit_id, "due", id);
CREATE UNIQUE INDEX "finding_one_identity" ON "finding" ("identity");
CREATE INDEX "finding_of_owner" ON "finding" ("owner");

-- controls
CREATE TABLE "control" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "statement" {text},
  "owner" {uuid},
  "state" {text},
  "effectiveness" {int},
  "assessed_at" {int},
  "nature" {text},
  "method" {text},
  "frequency" {text},
  "is_key" {int},
  "required_strength" {text},
  "category" {text},
  "csf_function" {text},
  "csf_category" {text},
  "priority" {text},
  "effort" {text},
  "cost_build" {int},
  "cost_build_currency" {text},
  "cost_run" {int},
  "cost_run_currency" {text},
  "outside_reference" {text},
  "start" {text},
  "review_by" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "control_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "statement" {text},
  "owner" {uuid},
  "state" {text},
  "effectiveness" {int},
  "assessed_at" {int},
  "nature" {text},
  "method" {text},
  "frequency" {text},
  "is_key" {int},
  "required_strength" {text},
  "category" {text},
  "csf_function" {text},
  "csf_category" {text},
  "priority" {text},
  "effort" {text},
  "cost_build" {int},
  "cost_build_currency" {text},
  "cost_run" {int},
  "cost_run_currency" {text},
  "outside_reference" {text},
  "start" {text},
  "review_by" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "control_by_ref_number" ON "control" (unit_id, "ref_number", id);
CREATE INDEX "control_by_changed_at" ON "control" (unit_id, "changed_at", id);
CREATE INDEX "control_by_stage" ON "control" (unit_id, "stage", id);
CREATE INDEX "control_by_name" ON "control" (unit_id, "name", id);
CREATE INDEX "control_by_owner" ON "control" (unit_id, "owner", id);
CREATE INDEX "control_by_state" ON "control" (unit_id, "state", id);
CREATE INDEX "control_by_effectiveness" ON "control" (unit_id, "effectiveness", id);
CREATE INDEX "control_by_nature" ON "control" (unit_id, "nature", id);
CREATE INDEX "control_by_method" ON "control" (unit_id, "method", id);
CREATE INDEX "control_by_is_key" ON "control" (unit_id, "is_key", id);
CREATE INDEX "control_by_category" ON "control" (unit_id, "category", id);
CREATE INDEX "control_by_csf_function" ON "control" (unit_id, "csf_function", id);
CREATE INDEX "control_by_csf_category" ON "control" (unit_id, "csf_category", id);
CREATE INDEX "control_by_priority" ON "control" (unit_id, "priority", id);
CREATE INDEX "control_by_review_by" ON "control" (unit_id, "review_by", id);
CREATE INDEX "control_of_owner" ON "control" ("owner");

-- evidence
CREATE TABLE "evidence" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "description" {text},
  "owner" {uuid},
  "file" {text},
  "address" {text},
  "statement" {text},
  "period_from" {text},
  "period_to" {text},
  "effective_at" {int},
  "collected_at" {int},
  "collector" {text},
  "valid_until" {text},
  "classification" {text},
  "keep_until" {text},
  "legal_hold" {int},
  "incident" {uuid},
  "superseded_by" {uuid},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "evidence_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "kind" {text},
  "description" {text},
  "owner" {uuid},
  "file" {text},
  "address" {text},
  "statement" {text},
  "period_from" {text},
  "period_to" {text},
  "effective_at" {int},
  "collected_at" {int},
  "collector" {text},
  "valid_until" {text},
  "classification" {text},
  "keep_until" {text},
  "legal_hold" {int},
  "incident" {uuid},
  "superseded_by" {uuid},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "evidence_by_ref_number" ON "evidence" (unit_id, "ref_number", id);
CREATE INDEX "evidence_by_changed_at" ON "evidence" (unit_id, "changed_at", id);
CREATE INDEX "evidence_by_stage" ON "evidence" (unit_id, "stage", id);
CREATE INDEX "evidence_by_name" ON "evidence" (unit_id, "name", id);
CREATE INDEX "evidence_by_kind" ON "evidence" (unit_id, "kind", id);
CREATE INDEX "evidence_by_owner" ON "evidence" (unit_id, "owner", id);
CREATE INDEX "evidence_by_effective_at" ON "evidence" (unit_id, "effective_at", id);
CREATE INDEX "evidence_by_collector" ON "evidence" (unit_id, "collector", id);
CREATE INDEX "evidence_by_valid_until" ON "evidence" (unit_id, "valid_until", id);
CREATE INDEX "evidence_by_classification" ON "evidence" (unit_id, "classification", id);
CREATE INDEX "evidence_by_legal_hold" ON "evidence" (unit_id, "legal_hold", id);
CREATE INDEX "evidence_of_owner" ON "evidence" ("owner");

-- alerts
CREATE TABLE "alert" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "severity" {text},
  "owner" {uuid},
  "description" {text},
  "source" {text},
  "source_ref" {text},
  "rule" {text},
  "tactic" {text},
  "technique" {text},
  "first_event" {int},
  "last_event" {int},
  "event_count" {int},
  "host" {text},
  "asset" {uuid},
  "account" {text},
  "observables" {text},
  "tlp" {text},
  "verdict" {text},
  "verdict_reason" {text},
  "acknowledged_at" {int},
  "incident" {uuid},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "alert_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "severity" {text},
  "owner" {uuid},
  "description" {text},
  "source" {text},
  "source_ref" {text},
  "rule" {text},
  "tactic" {text},
  "technique" {text},
  "first_event" {int},
  "last_event" {int},
  "event_count" {int},
  "host" {text},
  "asset" {uuid},
  "account" {text},
  "observables" {text},
  "tlp" {text},
  "verdict" {text},
  "verdict_reason" {text},
  "acknowledged_at" {int},
  "incident" {uuid},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "alert_by_ref_number" ON "alert" (unit_id, "ref_number", id);
CREATE INDEX "alert_by_changed_at" ON "alert" (unit_id, "changed_at", id);
CREATE INDEX "alert_by_stage" ON "alert" (unit_id, "stage", id);
CREATE INDEX "alert_by_name" ON "alert" (unit_id, "name", id);
CREATE INDEX "alert_by_severity" ON "alert" (unit_id, "severity", id);
CREATE INDEX "alert_by_owner" ON "alert" (unit_id, "owner", id);
CREATE INDEX "alert_by_rule" ON "alert" (unit_id, "rule", id);
CREATE INDEX "alert_by_technique" ON "alert" (unit_id, "technique", id);
CREATE INDEX "alert_by_last_event" ON "alert" (unit_id, "last_event", id);
CREATE INDEX "alert_by_event_count" ON "alert" (unit_id, "event_count", id);
CREATE INDEX "alert_by_host" ON "alert" (unit_id, "host", id);
CREATE INDEX "alert_by_asset" ON "alert" (unit_id, "asset", id);
CREATE INDEX "alert_by_verdict" ON "alert" (unit_id, "verdict", id);
CREATE UNIQUE INDEX "alert_one_source_ref" ON "alert" ("source_ref");
CREATE INDEX "alert_of_owner" ON "alert" ("owner");

-- incidents
CREATE TABLE "incident" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "summary" {text},
  "kind" {text},
  "severity" {text},
  "owner" {uuid},
  "deputy" {uuid},
  "occurred_at" {int},
  "detected_at" {int},
  "contained_at" {int},
  "recovered_at" {int},
  "personal_data" {text},
  "people_affected" {int},
  "countries" {text},
  "is_exercise" {int},
  "tlp" {text},
  "cost" {int},
  "cost_currency" {text},
  "causes" {text},
  "lessons" {text},
  "next_update_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "incident_was" (
  id {uuid} NOT NULL,
  ref_prefix {text} NOT NULL,
  ref_number {int} NOT NULL,
  unit_id {uuid} NOT NULL,
  stage {text} NOT NULL,
  version {int} NOT NULL,
  restricted {int} NOT NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  custom {text},
  from_change {int} NOT NULL,
  "name" {text},
  "summary" {text},
  "kind" {text},
  "severity" {text},
  "owner" {uuid},
  "deputy" {uuid},
  "occurred_at" {int},
  "detected_at" {int},
  "contained_at" {int},
  "recovered_at" {int},
  "personal_data" {text},
  "people_affected" {int},
  "countries" {text},
  "is_exercise" {int},
  "tlp" {text},
  "cost" {int},
  "cost_currency" {text},
  "causes" {text},
  "lessons" {text},
  "next_update_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "incident_by_ref_number" ON "incident" (unit_id, "ref_number", id);
CREATE INDEX "incident_by_changed_at" ON "incident" (unit_id, "changed_at", id);
CREATE INDEX "incident_by_stage" ON "incident" (unit_id, "stage", id);
CREATE INDEX "incident_by_name" ON "incident" (unit_id, "name", id);
CREATE INDEX "incident_by_kind" ON "incident" (unit_id, "kind", id);
CREATE INDEX "incident_by_severity" ON "incident" (unit_id, "severity", id);
CREATE INDEX "incident_by_owner" ON "incident" (unit_id, "owner", id);
CREATE INDEX "incident_by_detected_at" ON "incident" (unit_id, "detected_at", id);
CREATE INDEX "incident_by_personal_data" ON "incident" (unit_id, "personal_data", id);
CREATE INDEX "incident_by_is_exercise" ON "incident" (unit_id, "is_exercise", id);
CREATE INDEX "incident_by_next_update_on" ON "incident" (unit_id, "next_update_on", id);
CREATE INDEX "incident_of_owner" ON "incident" ("owner");

