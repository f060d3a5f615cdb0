package dev.turnout.lab.eval.conversation;

import dev.turnout.encoder.conversation.ConversationText;
import dev.turnout.encoder.conversation.EarlierTurn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Ways to choose what is encoded of a session: the router's own and those it is compared with. */
final class TextChoice {
  /** Name of the router's own. */
  static final String ROUTER = "router";

  private TextChoice() {}

  /** By name, the router's own first. */
  static Map<String, Function<Session, String>> all() {
    ConversationText router = ConversationText.load();
    Map<String, Function<Session, String>> all = new LinkedHashMap<>();
    all.put(ROUTER, session -> router.of(session.last(), session.earlier()));
    all.put("last_message", Session::last);
    all.put("whole_conversation", session -> joined(session, true));
    all.put("user_turns", session -> joined(session, false));
    return all;
  }

  private static String joined(Session session, boolean everybody) {
    StringBuilder text = new StringBuilder(session.last());
    for (EarlierTurn turn : session.earlier()) {
      if (everybody || turn.role().equals("user")) {
        text.insert(0, turn.text() + "\n");
      }
    }
    return text.toString();
  }
}
