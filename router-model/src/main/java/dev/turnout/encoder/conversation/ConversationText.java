package dev.turnout.encoder.conversation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses what is encoded of a query that belongs to a conversation, so that a follow-up is routed
 * like the question that it follows up, and a new question like itself.
 *
 * <p>A router model is trained on questions. "Yes, go on" is no question: its vector lies somewhere
 * among those of common words, and says nothing of which LLM should go on. The vector of the whole
 * conversation is no better: the reply and the instructions before it outweigh the question, and a
 * new question drowns in the old one. So a turn is judged by its words:
 *
 * <ol>
 *   <li>A turn <b>stands alone</b> when its words have enough of a topic, less what leans on
 *       earlier turns ("it", "again", "what about", "your last answer"). It is encoded as it is, as
 *       if nothing had come before.
 *   <li>A turn that does not takes the newest one of the user's that does with it: the question.
 *       Follow-ups of follow-ups lead to the same question.
 *   <li>Of a leaning turn that has something of its own to add ("what about Germany and Japan?",
 *       "rewrite your answer as a Python program") both are encoded, of any other only the
 *       question, whose place among the training questions it would but blur.
 *   <li>Replies, tool results and system prompts count only when there is no question at all: when
 *       the conversation was cut, or began with a greeting.
 * </ol>
 *
 * <p>The words that have no topic are data ({@code words.txt}), of all languages at once: nothing
 * has to guess a language, and a word that is plain in one language costs a topic in another
 * little. In a language without a list, a short follow-up counts as a question of its own. The
 * weights were chosen on training questions and phrases; {@code turnout eval --conversations}
 * measures them on others.
 *
 * <p>The result is a text, so any encoder encodes it, in a batch with all others, at the cost of
 * one. Immutable; safe for use by several threads.
 */
public final class ConversationText {
  /** As measured: see docs/conversations.md. */
  static final TurnContent.Leaning CHOSEN = new TurnContent.Leaning(0.8, 2, 6, 0.5, 0.5, 1.3, 2);

  /** Who says more than this has a topic; characters. */
  private static final int LONG = 1_000;

  /** What a quotation counts, in words with a topic. */
  private static final int QUOTATION = 3;

  /** What is taken of a reply, a tool's result or a system prompt; characters. */
  private static final int HEAD = 2_000;

  private static final Pattern QUOTED =
      Pattern.compile(
          "\"[^\"]+\"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|「[^」]+」|《[^》]+》|‘[^’]+’|(?<!\\w)'[^']+'(?!\\w)");
  private static final Pattern OPTION = Pattern.compile("(?m)^\\s*\\(?[A-Da-d][.):、．]");

  private final WordLists lists;
  private final TurnContent.Leaning leaning;

  ConversationText(WordLists lists, TurnContent.Leaning leaning) {
    this.lists = lists;
    this.leaning = leaning;
  }

  /** Reads the lists of words that come with the program. */
  public static ConversationText load() {
    return new ConversationText(WordLists.load(), CHOSEN);
  }

  /**
   * The text to encode.
   *
   * @param last the turn that is to be answered
   * @param earlier the messages before it, newest first; may be cut
   * @return {@code last} itself when it stands alone, or nothing came before it
   */
  public String of(String last, List<EarlierTurn> earlier) {
    if (earlier.isEmpty() || last.length() > LONG || hasOptions(last)) {
      return last;
    }
    TurnContent content = content(last, wordsOf(earlier));
    if (content.standsAlone(leaning)) {
      return last;
    }
    Deque<String> parts = new ArrayDeque<>();
    if (content.topic() >= leaning.own()) {
      parts.addFirst(last);
    }
    for (EarlierTurn turn : earlier) {
      if (!turn.isUser() || turn.text().isBlank() || turn.text().equals(last)) {
        continue;
      }
      TurnContent before =
          turn.text().length() > LONG || hasOptions(turn.text())
              ? null
              : content(turn.text(), Set.of());
      if (before == null || before.standsAlone(leaning)) {
        parts.addFirst(turn.text());
        return String.join("\n", parts);
      }
      if (before.topic() >= leaning.own()) {
        parts.addFirst(turn.text());
      }
    }
    return withoutQuestion(last, earlier, parts);
  }

  /** No turn of the user's stands alone: what was replied says best what it is about. */
  private static String withoutQuestion(
      String last, List<EarlierTurn> earlier, Deque<String> parts) {
    if (parts.isEmpty()) {
      parts.add(last);
    }
    for (String role : List.of("assistant", "tool", "system")) {
      for (EarlierTurn turn : earlier) {
        if (turn.role().equals(role) && !turn.text().isBlank()) {
          parts.addFirst(turn.text().substring(0, Math.min(HEAD, turn.text().length())));
          return String.join("\n", parts);
        }
      }
    }
    return String.join("\n", parts);
  }

  private TurnContent content(String text, Set<String> before) {
    Matcher quotes = QUOTED.matcher(text);
    int quoted = 0;
    while (quotes.find()) {
      quoted++;
    }
    // A quotation is a topic, whatever its words: "translate 'thank you' into Korean".
    return TurnContent.of(lists, ConversationWords.of(quotes.replaceAll(" ")), before, leaning)
        .plus(QUOTATION * quoted);
  }

  /** A question with its options says all that it needs. */
  private static boolean hasOptions(String text) {
    return OPTION.matcher(text).results().limit(2).count() == 2;
  }

  /** Words of the newest turn of the user's and the reply to it. */
  private static Set<String> wordsOf(List<EarlierTurn> earlier) {
    Set<String> words = new HashSet<>();
    for (EarlierTurn turn : earlier) {
      if (!turn.role().equals("system")) {
        String text = turn.text();
        words.addAll(ConversationWords.of(text.length() > HEAD ? text.substring(0, HEAD) : text));
        if (turn.isUser()) {
          break;
        }
      }
    }
    return words;
  }
}
