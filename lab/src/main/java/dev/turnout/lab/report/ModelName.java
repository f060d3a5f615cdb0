package dev.turnout.lab.report;

/** Names of LLMs for narrow columns: what follows the last slash. */
final class ModelName {
  private ModelName() {}

  static String of(String llm) {
    return llm.substring(llm.lastIndexOf('/') + 1);
  }
}
