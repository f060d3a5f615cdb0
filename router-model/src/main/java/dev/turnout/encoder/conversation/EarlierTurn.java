package dev.turnout.encoder.conversation;

/**
 * A message before the one that is to be answered.
 *
 * @param role who said it: {@code user}, {@code assistant}, {@code system} or {@code tool}
 * @param text what was said
 */
public record EarlierTurn(String role, String text) {
  boolean isUser() {
    return role.equals("user");
  }
}
