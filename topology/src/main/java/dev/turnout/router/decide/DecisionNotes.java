package dev.turnout.router.decide;

/** What is to be added to a decision's reason, sentence by sentence. */
final class DecisionNotes {
  private String text = "";

  void add(String sentence) {
    text = text.isEmpty() ? sentence : text + "; " + sentence;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text() {
    return text;
  }
}
