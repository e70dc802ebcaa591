ALTER TABLE "risk" ADD COLUMN "impact" {int};
ALTER TABLE "risk_was" ADD COLUMN "impact" {int};
ALTER TABLE "risk" ADD COLUMN "likelihood" {int};
ALTER TABLE "risk_was" ADD COLUMN "likelihood" {int};
ALTER TABLE "risk" ADD COLUMN "matrix" {uuid};
ALTER TABLE "risk_was" ADD COLUMN "matrix" {uuid};
ALTER TABLE "risk" ADD COLUMN "run_hash" {text};
ALTER TABLE "risk_was" ADD COLUMN "run_hash" {text};
ALTER TABLE "risk" ADD COLUMN "tail_loss" {int};
ALTER TABLE "risk_was" ADD COLUMN "tail_loss" {int};
ALTER TABLE "risk" ADD COLUMN "tail_loss_currency" {text};
ALTER TABLE "risk_was" ADD COLUMN "tail_loss_currency" {text};
-- scenarios
CREATE TABLE "scenario" (
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
  "risk" {uuid},
  "owner" {uuid},
  "actor" {text},
  "harmed" {text},
  "effect" {text},
  "claim" {text},
  "basis" {text},
  "techniques" {text},
  "seen" {int},
  "acted" {int},
  "hours_to_harm" {int},
  "hours_to_respond" {int},
  "remaining_loss" {int},
  "price_year" {int},
  "library_key" {text},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "scenario_was" (
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
  "risk" {uuid},
  "owner" {uuid},
  "actor" {text},
  "harmed" {text},
  "effect" {text},
  "claim" {text},
  "basis" {text},
  "techniques" {text},
  "seen" {int},
  "acted" {int},
  "hours_to_harm" {int},
  "hours_to_respond" {int},
  "remaining_loss" {int},
  "price_year" {int},
  "library_key" {text},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "scenario_by_ref_number" ON "scenario" (unit_id, "ref_number", id);
CREATE INDEX "scenario_by_changed_at" ON "scenario" (unit_id, "changed_at", id);
CREATE INDEX "scenario_by_stage" ON "scenario" (unit_id, "stage", id);
CREATE INDEX "scenario_by_name" ON "scenario" (unit_id, "name", id);
CREATE INDEX "scenario_by_risk" ON "scenario" (unit_id, "risk", id);
CREATE INDEX "scenario_by_owner" ON "scenario" (unit_id, "owner", id);
CREATE INDEX "scenario_by_basis" ON "scenario" (unit_id, "basis", id);
CREATE INDEX "scenario_by_review_on" ON "scenario" (unit_id, "review_on", id);
CREATE INDEX "scenario_of_owner" ON "scenario" ("owner");

-- estimates
CREATE TABLE "estimate" (
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
  "scenario" {uuid},
  "about" {text},
  "form" {text},
  "time_driven" {int},
  "shape" {text},
  "times" {text},
  "amount" {text},
  "chance" {int},
  "owner" {uuid},
  "stated_on" {text},
  "source" {text},
  "reason" {text},
  "study" {text},
  "anchor" {text},
  "outcome" {text},
  "renew_by" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "estimate_was" (
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
  "scenario" {uuid},
  "about" {text},
  "form" {text},
  "time_driven" {int},
  "shape" {text},
  "times" {text},
  "amount" {text},
  "chance" {int},
  "owner" {uuid},
  "stated_on" {text},
  "source" {text},
  "reason" {text},
  "study" {text},
  "anchor" {text},
  "outcome" {text},
  "renew_by" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "estimate_by_ref_number" ON "estimate" (unit_id, "ref_number", id);
CREATE INDEX "estimate_by_changed_at" ON "estimate" (unit_id, "changed_at", id);
CREATE INDEX "estimate_by_stage" ON "estimate" (unit_id, "stage", id);
CREATE INDEX "estimate_by_name" ON "estimate" (unit_id, "name", id);
CREATE INDEX "estimate_by_scenario" ON "estimate" (unit_id, "scenario", id);
CREATE INDEX "estimate_by_about" ON "estimate" (unit_id, "about", id);
CREATE INDEX "estimate_by_form" ON "estimate" (unit_id, "form", id);
CREATE INDEX "estimate_by_owner" ON "estimate" (unit_id, "owner", id);
CREATE INDEX "estimate_by_stated_on" ON "estimate" (unit_id, "stated_on", id);
CREATE INDEX "estimate_by_source" ON "estimate" (unit_id, "source", id);
CREATE INDEX "estimate_by_outcome" ON "estimate" (unit_id, "outcome", id);
CREATE INDEX "estimate_by_renew_by" ON "estimate" (unit_id, "renew_by", id);
CREATE INDEX "estimate_of_owner" ON "estimate" ("owner");

-- control effects
CREATE TABLE "control_effect" (
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
  "control" {uuid},
  "scenario" {uuid},
  "factor" {text},
  "kappa" {int},
  "source" {text},
  "joins" {text},
  "chain" {text},
  "stands_on" {uuid},
  "assumed_coverage" {int},
  "assumed_reliability" {int},
  "assumed_efficacy" {int},
  "assumed_degraded" {int},
  "owner" {uuid},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "control_effect_was" (
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
  "control" {uuid},
  "scenario" {uuid},
  "factor" {text},
  "kappa" {int},
  "source" {text},
  "joins" {text},
  "chain" {text},
  "stands_on" {uuid},
  "assumed_coverage" {int},
  "assumed_reliability" {int},
  "assumed_efficacy" {int},
  "assumed_degraded" {int},
  "owner" {uuid},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "control_effect_by_ref_number" ON "control_effect" (unit_id, "ref_number", id);
CREATE INDEX "control_effect_by_changed_at" ON "control_effect" (unit_id, "changed_at", id);
CREATE INDEX "control_effect_by_stage" ON "control_effect" (unit_id, "stage", id);
CREATE INDEX "control_effect_by_name" ON "control_effect" (unit_id, "name", id);
CREATE INDEX "control_effect_by_control" ON "control_effect" (unit_id, "control", id);
CREATE INDEX "control_effect_by_scenario" ON "control_effect" (unit_id, "scenario", id);
CREATE INDEX "control_effect_by_factor" ON "control_effect" (unit_id, "factor", id);
CREATE INDEX "control_effect_by_kappa" ON "control_effect" (unit_id, "kappa", id);
CREATE INDEX "control_effect_by_source" ON "control_effect" (unit_id, "source", id);
CREATE INDEX "control_effect_by_owner" ON "control_effect" (unit_id, "owner", id);
CREATE INDEX "control_effect_of_owner" ON "control_effect" ("owner");

-- treatment plans
CREATE TABLE "treatment_plan" (
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
  "risk" {uuid},
  "response" {text},
  "owner" {uuid},
  "steps" {text},
  "cost_once" {int},
  "cost_once_currency" {text},
  "cost_yearly" {int},
  "cost_yearly_currency" {text},
  "staff_days" {int},
  "starts_on" {text},
  "ends_on" {text},
  "one_of" {text},
  "mandated" {int},
  "control" {uuid},
  "expected_coverage" {int},
  "expected_reliability" {int},
  "expected_efficacy" {int},
  "rarer_by" {int},
  "reduction" {int},
  "reduction_currency" {text},
  "tail_reduction" {int},
  "tail_reduction_currency" {text},
  "chance_it_pays" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "treatment_plan_was" (
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
  "risk" {uuid},
  "response" {text},
  "owner" {uuid},
  "steps" {text},
  "cost_once" {int},
  "cost_once_currency" {text},
  "cost_yearly" {int},
  "cost_yearly_currency" {text},
  "staff_days" {int},
  "starts_on" {text},
  "ends_on" {text},
  "one_of" {text},
  "mandated" {int},
  "control" {uuid},
  "expected_coverage" {int},
  "expected_reliability" {int},
  "expected_efficacy" {int},
  "rarer_by" {int},
  "reduction" {int},
  "reduction_currency" {text},
  "tail_reduction" {int},
  "tail_reduction_currency" {text},
  "chance_it_pays" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "treatment_plan_by_ref_number" ON "treatment_plan" (unit_id, "ref_number", id);
CREATE INDEX "treatment_plan_by_changed_at" ON "treatment_plan" (unit_id, "changed_at", id);
CREATE INDEX "treatment_plan_by_stage" ON "treatment_plan" (unit_id, "stage", id);
CREATE INDEX "treatment_plan_by_name" ON "treatment_plan" (unit_id, "name", id);
CREATE INDEX "treatment_plan_by_risk" ON "treatment_plan" (unit_id, "risk", id);
CREATE INDEX "treatment_plan_by_response" ON "treatment_plan" (unit_id, "response", id);
CREATE INDEX "treatment_plan_by_owner" ON "treatment_plan" (unit_id, "owner", id);
CREATE INDEX "treatment_plan_by_cost_once" ON "treatment_plan" (unit_id, "cost_once", id);
CREATE INDEX "treatment_plan_by_ends_on" ON "treatment_plan" (unit_id, "ends_on", id);
CREATE INDEX "treatment_plan_by_reduction" ON "treatment_plan" (unit_id, "reduction", id);
CREATE INDEX "treatment_plan_of_owner" ON "treatment_plan" ("owner");

-- acceptances
CREATE TABLE "acceptance" (
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
  "risk" {uuid},
  "owner" {uuid},
  "reason" {text},
  "conditions" {text},
  "starts_on" {text},
  "until" {text},
  "run_hash" {text},
  "annual_loss" {int},
  "annual_loss_currency" {text},
  "tail_loss" {int},
  "tail_loss_currency" {text},
  "rests_on" {text},
  "approved_by" {uuid},
  "void_because" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "acceptance_was" (
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
  "risk" {uuid},
  "owner" {uuid},
  "reason" {text},
  "conditions" {text},
  "starts_on" {text},
  "until" {text},
  "run_hash" {text},
  "annual_loss" {int},
  "annual_loss_currency" {text},
  "tail_loss" {int},
  "tail_loss_currency" {text},
  "rests_on" {text},
  "approved_by" {uuid},
  "void_because" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "acceptance_by_ref_number" ON "acceptance" (unit_id, "ref_number", id);
CREATE INDEX "acceptance_by_changed_at" ON "acceptance" (unit_id, "changed_at", id);
CREATE INDEX "acceptance_by_stage" ON "acceptance" (unit_id, "stage", id);
CREATE INDEX "acceptance_by_name" ON "acceptance" (unit_id, "name", id);
CREATE INDEX "acceptance_by_risk" ON "acceptance" (unit_id, "risk", id);
CREATE INDEX "acceptance_by_owner" ON "acceptance" (unit_id, "owner", id);
CREATE INDEX "acceptance_by_until" ON "acceptance" (unit_id, "until", id);
CREATE INDEX "acceptance_by_annual_loss" ON "acceptance" (unit_id, "annual_loss", id);
CREATE INDEX "acceptance_by_void_because" ON "acceptance" (unit_id, "void_because", id);
CREATE INDEX "acceptance_of_owner" ON "acceptance" ("owner");

-- appetite statements
CREATE TABLE "appetite" (
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
  "measure" {text},
  "amount" {int},
  "amount_currency" {text},
  "level" {int},
  "limit_money" {int},
  "limit_money_currency" {text},
  "limit_chance" {int},
  "warning_money" {int},
  "warning_money_currency" {text},
  "warning_chance" {int},
  "scope" {uuid},
  "owner" {uuid},
  "reason" {text},
  "approved_on" {text},
  "verdict" {text},
  "measured" {text},
  "run_hash" {text},
  "tested_at" {int},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "appetite_was" (
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
  "measure" {text},
  "amount" {int},
  "amount_currency" {text},
  "level" {int},
  "limit_money" {int},
  "limit_money_currency" {text},
  "limit_chance" {int},
  "warning_money" {int},
  "warning_money_currency" {text},
  "warning_chance" {int},
  "scope" {uuid},
  "owner" {uuid},
  "reason" {text},
  "approved_on" {text},
  "verdict" {text},
  "measured" {text},
  "run_hash" {text},
  "tested_at" {int},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "appetite_by_ref_number" ON "appetite" (unit_id, "ref_number", id);
CREATE INDEX "appetite_by_changed_at" ON "appetite" (unit_id, "changed_at", id);
CREATE INDEX "appetite_by_stage" ON "appetite" (unit_id, "stage", id);
CREATE INDEX "appetite_by_name" ON "appetite" (unit_id, "name", id);
CREATE INDEX "appetite_by_measure" ON "appetite" (unit_id, "measure", id);
CREATE INDEX "appetite_by_scope" ON "appetite" (unit_id, "scope", id);
CREATE INDEX "appetite_by_owner" ON "appetite" (unit_id, "owner", id);
CREATE INDEX "appetite_by_approved_on" ON "appetite" (unit_id, "approved_on", id);
CREATE INDEX "appetite_by_verdict" ON "appetite" (unit_id, "verdict", id);
CREATE INDEX "appetite_of_owner" ON "appetite" ("owner");

-- risk indicators
CREATE TABLE "indicator" (
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
  "control" {uuid},
  "quantity" {text},
  "appetite" {uuid},
  "alarm_at" {int},
  "owner" {uuid},
  "figure" {int},
  "threshold" {int},
  "chance_crossed" {int},
  "says" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "indicator_was" (
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
  "control" {uuid},
  "quantity" {text},
  "appetite" {uuid},
  "alarm_at" {int},
  "owner" {uuid},
  "figure" {int},
  "threshold" {int},
  "chance_crossed" {int},
  "says" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "indicator_by_ref_number" ON "indicator" (unit_id, "ref_number", id);
CREATE INDEX "indicator_by_changed_at" ON "indicator" (unit_id, "changed_at", id);
CREATE INDEX "indicator_by_stage" ON "indicator" (unit_id, "stage", id);
CREATE INDEX "indicator_by_name" ON "indicator" (unit_id, "name", id);
CREATE INDEX "indicator_by_control" ON "indicator" (unit_id, "control", id);
CREATE INDEX "indicator_by_quantity" ON "indicator" (unit_id, "quantity", id);
CREATE INDEX "indicator_by_appetite" ON "indicator" (unit_id, "appetite", id);
CREATE INDEX "indicator_by_owner" ON "indicator" (unit_id, "owner", id);
CREATE INDEX "indicator_by_figure" ON "indicator" (unit_id, "figure", id);
CREATE INDEX "indicator_by_threshold" ON "indicator" (unit_id, "threshold", id);
CREATE INDEX "indicator_by_chance_crossed" ON "indicator" (unit_id, "chance_crossed", id);
CREATE INDEX "indicator_of_owner" ON "indicator" ("owner");

-- risk matrices
CREATE TABLE "risk_matrix" (
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
  "likelihood" {text},
  "impact" {text},
  "formula" {text},
  "bands" {text},
  "currency" {text},
  "owner" {uuid},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "risk_matrix_was" (
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
  "likelihood" {text},
  "impact" {text},
  "formula" {text},
  "bands" {text},
  "currency" {text},
  "owner" {uuid},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "risk_matrix_by_ref_number" ON "risk_matrix" (unit_id, "ref_number", id);
CREATE INDEX "risk_matrix_by_changed_at" ON "risk_matrix" (unit_id, "changed_at", id);
CREATE INDEX "risk_matrix_by_stage" ON "risk_matrix" (unit_id, "stage", id);
CREATE INDEX "risk_matrix_by_name" ON "risk_matrix" (unit_id, "name", id);
CREATE INDEX "risk_matrix_by_formula" ON "risk_matrix" (unit_id, "formula", id);
CREATE INDEX "risk_matrix_by_currency" ON "risk_matrix" (unit_id, "currency", id);
CREATE INDEX "risk_matrix_by_owner" ON "risk_matrix" (unit_id, "owner", id);
CREATE INDEX "risk_matrix_by_review_on" ON "risk_matrix" (unit_id, "review_on", id);
CREATE INDEX "risk_matrix_of_owner" ON "risk_matrix" ("owner");

-- insurance policies
CREATE TABLE "insurance" (
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
  "insurer" {uuid},
  "exclusions" {text},
  "event_deductible" {int},
  "event_deductible_currency" {text},
  "event_limit" {int},
  "event_limit_currency" {text},
  "annual_retention" {int},
  "annual_retention_currency" {text},
  "annual_limit" {int},
  "annual_limit_currency" {text},
  "premium" {int},
  "premium_currency" {text},
  "reinstatement" {int},
  "reinstatement_currency" {text},
  "owner" {uuid},
  "starts_on" {text},
  "until" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "insurance_was" (
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
  "insurer" {uuid},
  "exclusions" {text},
  "event_deductible" {int},
  "event_deductible_currency" {text},
  "event_limit" {int},
  "event_limit_currency" {text},
  "annual_retention" {int},
  "annual_retention_currency" {text},
  "annual_limit" {int},
  "annual_limit_currency" {text},
  "premium" {int},
  "premium_currency" {text},
  "reinstatement" {int},
  "reinstatement_currency" {text},
  "owner" {uuid},
  "starts_on" {text},
  "until" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "insurance_by_ref_number" ON "insurance" (unit_id, "ref_number", id);
CREATE INDEX "insurance_by_changed_at" ON "insurance" (unit_id, "changed_at", id);
CREATE INDEX "insurance_by_stage" ON "insurance" (unit_id, "stage", id);
CREATE INDEX "insurance_by_name" ON "insurance" (unit_id, "name", id);
CREATE INDEX "insurance_by_insurer" ON "insurance" (unit_id, "insurer", id);
CREATE INDEX "insurance_by_annual_limit" ON "insurance" (unit_id, "annual_limit", id);
CREATE INDEX "insurance_by_premium" ON "insurance" (unit_id, "premium", id);
CREATE INDEX "insurance_by_owner" ON "insurance" (unit_id, "owner", id);
CREATE INDEX "insurance_by_until" ON "insurance" (unit_id, "until", id);
CREATE INDEX "insurance_of_owner" ON "insurance" ("owner");

-- shared factors
CREATE TABLE "shared_factor" (
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
  "spread" {int},
  "times" {text},
  "overlap" {text},
  "failing" {int},
  "reason" {text},
  "owner" {uuid},
  "review_on" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "shared_factor_was" (
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
  "spread" {int},
  "times" {text},
  "overlap" {text},
  "failing" {int},
  "reason" {text},
  "owner" {uuid},
  "review_on" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "shared_factor_by_ref_number" ON "shared_factor" (unit_id, "ref_number", id);
CREATE INDEX "shared_factor_by_changed_at" ON "shared_factor" (unit_id, "changed_at", id);
CREATE INDEX "shared_factor_by_stage" ON "shared_factor" (unit_id, "stage", id);
CREATE INDEX "shared_factor_by_name" ON "shared_factor" (unit_id, "name", id);
CREATE INDEX "shared_factor_by_kind" ON "shared_factor" (unit_id, "kind", id);
CREATE INDEX "shared_factor_by_spread" ON "shared_factor" (unit_id, "spread", id);
CREATE INDEX "shared_factor_by_owner" ON "shared_factor" (unit_id, "owner", id);
CREATE INDEX "shared_factor_by_review_on" ON "shared_factor" (unit_id, "review_on", id);
CREATE INDEX "shared_factor_of_owner" ON "shared_factor" ("owner");

-- exchange rates
CREATE TABLE "exchange_rate" (
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
  "from_currency" {text},
  "to_currency" {text},
  "rate" {text},
  "dated" {text},
  "publisher" {text},
  PRIMARY KEY (id)
){strict};
CREATE TABLE "exchange_rate_was" (
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
  "from_currency" {text},
  "to_currency" {text},
  "rate" {text},
  "dated" {text},
  "publisher" {text},
  to_change {int} NOT NULL,
  PRIMARY KEY (id, from_change)
){strict};
CREATE INDEX "exchange_rate_by_ref_number" ON "exchange_rate" (unit_id, "ref_number", id);
CREATE INDEX "exchange_rate_by_changed_at" ON "exchange_rate" (unit_id, "changed_at", id);
CREATE INDEX "exchange_rate_by_stage" ON "exchange_rate" (unit_id, "stage", id);
CREATE INDEX "exchange_rate_by_name" ON "exchange_rate" (unit_id, "name", id);
CREATE INDEX "exchange_rate_by_from_currency" ON "exchange_rate" (unit_id, "from_currency", id);
CREATE INDEX "exchange_rate_by_to_currency" ON "exchange_rate" (unit_id, "to_currency", id);
CREATE INDEX "exchange_rate_by_rate" ON "exchange_rate" (unit_id, "rate", id);
CREATE INDEX "exchange_rate_by_dated" ON "exchange_rate" (unit_id, "dated", id);
CREATE INDEX "exchange_rate_by_publisher" ON "exchange_rate" (unit_id, "publisher", id);

ALTER TABLE "incident" ADD COLUMN "fits_no_scenario" {int};
ALTER TABLE "incident_was" ADD COLUMN "fits_no_scenario" {int};
ALTER TABLE "incident" ADD COLUMN "scenario" {uuid};
ALTER TABLE "incident_was" ADD COLUMN "scenario" {uuid};

-- Runs of the risk engine, never changed: canonical input with its hash, result with its digest, what it changed and
-- why. `figures` holds the few numbers that lists and trends need.
CREATE TABLE risk_run (
  number {serial},
  hash {text} NOT NULL,
  digest {text} NOT NULL,
  engine {text} NOT NULL,
  as_of {text} NOT NULL,
  computed_at {int} NOT NULL,
  input {text} NOT NULL,
  names {text} NOT NULL,
  result {text} NOT NULL,
  figures {text} NOT NULL,
  why {text} NOT NULL
){strict};
CREATE INDEX risk_run_hash ON risk_run (hash, number);

-- Which run's figures stand: the newest row. Published by a policy (no person) or by somebody who confirmed a draft.
CREATE TABLE risk_publication (
  number {serial},
  run_number {int} NOT NULL,
  at {int} NOT NULL,
  person_id {uuid}
){strict};
