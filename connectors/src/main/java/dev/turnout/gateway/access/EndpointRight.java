package dev.turnout.gateway.access;

import java.util.List;

/** Which right a request needs. What nobody thought of needs the right to administer. */
enum EndpointRight {
  ANY_KEY("use the gateway"),
  ASK("ask"),
  DECIDE("have queries decided"),
  GRADE("grade"),
  READ("read decisions and outcomes"),
  ADMINISTER("administer");

  private static final List<String> ASKING =
      List.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/queries");
  private static final List<String> READING =
      List.of(
          "/v1/decisions", "/v1/outcomes", "/v1/chat/completions", "/v1/responses", "/v1/queries");

  private final String words;

  EndpointRight(String words) {
    this.words = words;
  }

  /**
   * The right for a request.
   *
   * @param path as the client sent it, e.g. {@code /v1/decisions/17}
   */
  static EndpointRight of(String method, String path) {
    boolean read = method.equals("GET") || method.equals("HEAD");
    if (read && below(path, "/v1/models")) {
      return ANY_KEY;
    }
    if (read) {
      return READING.stream().anyMatch(each -> below(path, each)) ? READ : ADMINISTER;
    }
    if (!method.equals("POST")) {
      return ADMINISTER;
    }
    if (below(path, "/v1/route")) {
      return DECIDE;
    }
    if (below(path, "/v1/feedback")) {
      return GRADE;
    }
    return ASKING.stream().anyMatch(each -> below(path, each)) ? ASK : ADMINISTER;
  }

  private static boolean below(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  boolean isIn(Rights rights) {
    return switch (this) {
      case ANY_KEY -> true;
      case ASK -> rights.ask();
      case DECIDE -> rights.decide();
      case GRADE -> rights.mayGrade();
      case READ -> rights.mayRead();
      case ADMINISTER -> rights.administer();
    };
  }

  /** In words, to stand after "may not". */
  String words() {
    return words;
  }
}
