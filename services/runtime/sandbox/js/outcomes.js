// OperationOutcomes: the common ones, the error that carries one, and either from whatever was thrown.

function failure(id, code, text, expression) {
  const issue = { severity: "error", code, details: { text } };
  if (expression) {
    issue.expression = [expression];
  }
  return { resourceType: "OperationOutcome", ...(id && { id }), issue: [issue] };
}

function success(id, text) {
  return {
    resourceType: "OperationOutcome",
    id,
    issue: [{ severity: "information", code: "informational", details: { text } }],
  };
}

export const allOk = success("ok", "All OK");
export const created = success("created", "Created");
export const notModified = success("not-modified", "Not Modified");
export const notFound = failure("not-found", "not-found", "Not found");
export const gone = failure("gone", "deleted", "Gone");
export const forbidden = failure("forbidden", "forbidden", "Forbidden");
export const unauthorized = failure("unauthorized", "login", "Unauthorized");

export const badRequest = (details, expression) => failure(undefined, "invalid", details, expression);
export const conflict = (details) => failure("conflict", "conflict", details);
export const serverError = (error) => ({
  resourceType: "OperationOutcome",
  issue: [
    {
      severity: "error",
      code: "exception",
      details: { text: "Internal server error" },
      diagnostics: String(error),
    },
  ],
});

export const isOperationOutcome = (value) =>
  typeof value === "object" && value !== null && value.resourceType === "OperationOutcome";
export const isOk = (outcome) => outcome.issue?.every((issue) => issue.severity === "information") ?? false;
export const isCreated = (outcome) => outcome.id === "created";
export const isNotFound = (outcome) => outcome.id === "not-found" || outcome.issue?.[0]?.code === "not-found";
export const isGone = (outcome) => outcome.id === "gone" || outcome.issue?.[0]?.code === "deleted";

export function operationOutcomeIssueToString(issue) {
  const text = issue.details?.text ?? issue.diagnostics ?? issue.code ?? "Unknown error";
  return issue.expression?.length ? `${text} (${issue.expression.join(", ")})` : text;
}

export function operationOutcomeToString(outcome) {
  return outcome.issue?.map(operationOutcomeIssueToString).join("; ") || "Unknown error";
}

export class OperationOutcomeError extends Error {
  constructor(outcome, cause) {
    super(operationOutcomeToString(outcome), cause === undefined ? undefined : { cause });
    this.name = "OperationOutcomeError";
    this.outcome = outcome;
  }
}

export function assertOk(outcome, resource) {
  if (!isOk(outcome) || resource === undefined) {
    throw new OperationOutcomeError(outcome);
  }
}

export function normalizeErrorString(error) {
  if (!error) {
    return "Unknown error";
  }
  if (typeof error === "string") {
    return error;
  }
  if (error instanceof Error) {
    return error.message;
  }
  if (isOperationOutcome(error)) {
    return operationOutcomeToString(error);
  }
  return typeof error.code === "string" ? error.code : JSON.stringify(error);
}

export function normalizeOperationOutcome(error) {
  if (error instanceof OperationOutcomeError) {
    return error.outcome;
  }
  return isOperationOutcome(error) ? error : badRequest(normalizeErrorString(error));
}
