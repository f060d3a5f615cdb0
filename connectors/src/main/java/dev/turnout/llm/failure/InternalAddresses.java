package dev.turnout.llm.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes addresses that lie inside out of what a server says before a client reads it: every IP
 * address, and every URL or host with a port unless its host is plainly public, such as {@code
 * platform.openai.com} in "see https://platform.openai.com/docs".
 */
final class InternalAddresses {

  private static final String REMOVED = "[address removed]";

  /** Possessive, so that no text takes long. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}+://)(?<authority>[^\\s/\"'<>?#)]++)[^\\s\"'<>)]*+"
              + "|(?<!\\w)(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}+)):(?<port>\\d{2,5})(?![\\d.])"
              + "|(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d.])(?::\\d++)?"
              + "|\\[[0-9A-Fa-f:.]{2,45}+](?::\\d++)?");

  private static final Pattern IP =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9A-Fa-f:.]+]?");

  private static final Pattern PUBLIC_HOST =
      Pattern.compile("([a-z0-9-]+\\.)+(com|org|net|ai|io|dev|eu|cloud|co|fr|de|cn|us|uk)");

  private final String ownHost;

  /**
   * For what one server says.
   *
   * @param ownHost the server's host, which is removed too
   */
  InternalAddresses(String ownHost) {
    this.ownHost = ownHost.toLowerCase(Locale.ROOT);
  }

  /** The text without addresses. */
  String removedFrom(String text) {
    String cleaned = ADDRESS.matcher(text).replaceAll(this::replacement);
    return ownHost.isEmpty() || ownHost.length() < 4
        ? cleaned
        : Pattern.compile("(?i)(?<![\\w.-])" + Pattern.quote(ownHost) + "(?![\\w-])")
            .matcher(cleaned)
            .replaceAll(Matcher.quoteReplacement(REMOVED));
  }

  private String replacement(MatchResult match) {
    String authority = match.group(2);
    String host = authority == null ? match.group(3) : hostOf(authority);
    if (host != null && isPublic(host) && !(authority != null && authority.contains("@"))) {
      return Matcher.quoteReplacement(match.group());
    }
    if (authority == null && host != null && !looksLikeHost(host)) {
      // a time, a ratio, "line:12"
      return Matcher.quoteReplacement(match.group());
    }
    return Matcher.quoteReplacement(REMOVED);
  }

  private static String hostOf(String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    return host.startsWith("[") ? host : host.replaceFirst(":\\d*$", "");
  }

  private boolean isPublic(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return !lower.equals(ownHost)
        && !IP.matcher(lower).matches()
        && PUBLIC_HOST.matcher(lower).matches();
  }

  /** Of a host without scheme: a name with a dot or hyphen, or the one name of every machine. */
  private boolean looksLikeHost(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost")
        || lower.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        || lower.equals(ownHost)
        || (lower.matches(".*[a-z].*") && (lower.contains(".") || lower.contains("-")));
  }

  /** The same JSON with every text cleaned. */
  JsonNode removedFrom(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(removedFrom(field.getValue())));
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, removedFrom(array.get(i)));
      }
    } else if (json.isTextual()) {
      return TextNode.valueOf(removedFrom(json.textValue()));
    }
    return json;
  }
}
