package dev.turnout.encoder.conversation;

import java.util.List;
import java.util.Set;

/**
 * How much a turn says by itself, and how much it leans on what was said before.
 *
 * @param topic words with a topic of their own; numbers and ideographs count half
 * @param lean the weight of words that lean on what was said before, see {@link Leaning}
 * @param asks whether a word asks for a topic
 */
record TurnContent(double topic, double lean, boolean asks) {
  private static final double NUMBER = 0.5;
  private static final double IDEOGRAPH = 0.5;

  /**
   * What counts how much.
   *
   * @param cue a word that leans on what was said before; two of them count at most
   * @param opening words that carry a question over to another thing
   * @param strong words that name what was said before
   * @param repeated a word with a topic that was said before, 0..1
   * @param asked the least topic, less what leans, of a turn that asks for one and stands alone
   * @param stated the same for any other turn
   * @param own topic from which a leaning turn has something of its own to add
   */
  record Leaning(
      double cue,
      double opening,
      double strong,
      double repeated,
      double asked,
      double stated,
      double own) {}

  /**
   * Weighs a turn's words.
   *
   * @param before words of the turns before
   */
  static TurnContent of(WordLists lists, List<String> words, Set<String> before, Leaning leaning) {
    double topic = 0;
    int cues = 0;
    boolean opening = false;
    boolean strong = false;
    boolean asks = false;
    for (int i = 0; i < words.size(); ) {
      WordLists.Match match = lists.at(words, i);
      switch (match.role()) {
        case TOPIC -> {
          String word = words.get(i);
          topic += weight(word) * (before.contains(word) ? leaning.repeated() : 1);
        }
        case FIRST -> cues += i == 0 ? 1 : 0;
        case POINTING -> cues += topicAt(lists, words, i + match.length()) ? 0 : 1;
        case CUE -> cues++;
        case OPENING -> opening |= i == 0;
        case STRONG -> strong = true;
        case ASK -> asks = true;
        case PLAIN -> {}
      }
      i += match.length();
    }
    return new TurnContent(
        topic,
        Math.min(2, cues) * leaning.cue()
            + (opening ? leaning.opening() : 0)
            + (strong ? leaning.strong() : 0),
        asks);
  }

  /** With more topic. */
  TurnContent plus(double more) {
    return new TurnContent(topic + more, lean, asks);
  }

  boolean standsAlone(Leaning leaning) {
    return topic - lean >= (asks ? leaning.asked() : leaning.stated());
  }

  private static boolean topicAt(WordLists lists, List<String> words, int position) {
    return position < words.size() && lists.at(words, position).role() == WordRole.TOPIC;
  }

  private static double weight(String word) {
    int first = word.codePointAt(0);
    if (word.chars().allMatch(Character::isDigit)) {
      return NUMBER;
    }
    if (word.length() > Character.charCount(first)) {
      return 1;
    }
    // Another letter alone is an option's name.
    return ConversationWords.isOwnWord(first) ? IDEOGRAPH : 0;
  }
}
