package dev.turnout.lab.eval.conversation;

import dev.turnout.encoder.conversation.EarlierTurn;
import java.util.ArrayList;
import java.util.List;

/**
 * A question of the data set, its answer, perhaps a first follow-up, and the turn that is judged.
 *
 * @param turn what the user says last; its text is {@code last}
 * @param expected whose routing the session's should be: the first question or the last turn
 * @param earlier everything before, newest first
 */
record Session(LastTurn turn, String last, String expected, List<EarlierTurn> earlier) {
  private static final String SYSTEM =
      "You are a helpful assistant. Answer truthfully, say so when you do not know, and keep to"
          + " the language of the user.";
  private static final int QUOTED = 300;

  /**
   * A session.
   *
   * @param question its first one
   * @param deep whether there was a follow-up before
   */
  static Session of(String question, LastTurn turn, boolean deep) {
    List<EarlierTurn> earlier = new ArrayList<>();
    if (deep) {
      earlier.add(
          new EarlierTurn("assistant", "Of course. In other words: " + quoted(question, QUOTED)));
      earlier.add(new EarlierTurn("user", "Could you explain that?"));
    }
    earlier.add(
        new EarlierTurn(
            "assistant",
            "Let us look at it step by step. "
                + quoted(question, QUOTED)
                + " From this it follows that the answer is the second one."));
    earlier.add(new EarlierTurn("user", question));
    earlier.add(new EarlierTurn("system", SYSTEM));
    return new Session(turn, turn.text(), turn.isNew() ? turn.text() : question, earlier);
  }

  /** No data set has replies; one that takes up the question's words comes close. */
  private static String quoted(String text, int length) {
    return text.substring(0, Math.min(length, text.length())).replace('\n', ' ');
  }
}
