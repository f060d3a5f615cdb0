package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.failure.ErrorBody;
import dev.turnout.llm.openai.ChatCompletionsFormat;
import dev.turnout.llm.openai.ChatCompletionsFormat.LimitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a server was seen to refuse although its dialect takes it: the name of the longest answer,
 * and {@code stream_options}, which are ours and not the client's. Only what does not change what
 * is asked for is put otherwise; it is learnt from the server's refusal and holds as long as the
 * client of the LLM lives, so that one call a life is refused for it. Safe for use by several
 * threads.
 */
final class ParameterQuirks {

  private static final String STREAM_OPTIONS = "stream_options";

  private static final Pattern UNKNOWN =
      Pattern.compile(
          "unsupported|not supported|unrecognized|unrecognised|unknown|unexpected|extra"
              + "|not permitted|not allowed|no longer|deprecated");

  private static final Pattern NEWER_WANTED =
      Pattern.compile("use \\W{0,3}max_completion_tokens|max_completion_tokens\\W{0,3} instead");

  private volatile LimitName limit = LimitName.AS_GIVEN;
  private volatile boolean withoutStreamOptions;

  /** Puts a request as the server wants it. */
  void applyTo(ObjectNode request) {
    limit.applyTo(request);
    if (withoutStreamOptions) {
      request.remove(STREAM_OPTIONS);
    }
  }

  /**
   * Learns from a refusal.
   *
   * @param request as it was sent
   * @return whether the request may be sent again, put otherwise
   */
  boolean learn(int status, ObjectNode request, ErrorBody refusal) {
    if (status != 400 && status != 422) {
      return false;
    }
    String message = refusal.message().toLowerCase(Locale.ROOT);
    if (refuses(refusal, message, request, ChatCompletionsFormat.OLDER)
        || (request.has(ChatCompletionsFormat.OLDER) && NEWER_WANTED.matcher(message).find())) {
      limit = LimitName.MAX_COMPLETION_TOKENS;
      return true;
    }
    if (refuses(refusal, message, request, ChatCompletionsFormat.NEWER)) {
      limit = LimitName.MAX_TOKENS;
      return true;
    }
    if (refuses(refusal, message, request, STREAM_OPTIONS)) {
      withoutStreamOptions = true;
      return true;
    }
    return false;
  }

  private static boolean refuses(
      ErrorBody refusal, String message, ObjectNode request, String parameter) {
    return request.has(parameter)
        && (refusal.param().equals(parameter) || message.contains(parameter))
        && (refusal.code().equals("unsupported_parameter")
            || refusal.code().equals("unknown_parameter")
            || UNKNOWN.matcher(message).find());
  }

  /** What was learnt, in words; empty when nothing was. */
  List<String> learnt() {
    List<String> words = new ArrayList<>();
    switch (limit) {
      case AS_GIVEN -> {}
      case MAX_COMPLETION_TOKENS -> words.add("max_tokens (asked for as max_completion_tokens)");
      case MAX_TOKENS -> words.add("max_completion_tokens (asked for as max_tokens)");
    }
    if (withoutStreamOptions) {
      words.add("stream_options (left out; streams may tell no token counts)");
    }
    return List.copyOf(words);
  }
}
