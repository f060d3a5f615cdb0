package dev.turnout.grader;

import dev.turnout.config.SettingKind;

/** How a grader comes to its opinion. */
public enum GraderKind {
  /** Other LLMs mark the answer. */
  JUDGE("turnout.expected"),
  /** The answer is the expected text. */
  EXACT("turnout.expected"),
  /** The answer's last number is the expected one. */
  NUMERIC("turnout.expected"),
  /** The answer chooses the expected letter. */
  CHOICE("turnout.expected"),
  /** A regular expression is found in the answer. */
  REGEX("turnout.pattern"),
  /** The answer is JSON that keeps to a schema. */
  JSON_SCHEMA("turnout.schema"),
  /** The answer's code passes tests. */
  CODE("turnout.tests"),
  /** What users do next says what they think of the answer. */
  IMPLICIT("");

  private final String expectedKey;

  GraderKind(String expectedKey) {
    this.expectedKey = expectedKey;
  }

  /** Key of a query's metadata that says what is expected, unless set otherwise; may be empty. */
  public String expectedKey() {
    return expectedKey;
  }

  /** How the kind is written in settings. */
  public String text() {
    return SettingKind.nameOf(this);
  }
}
