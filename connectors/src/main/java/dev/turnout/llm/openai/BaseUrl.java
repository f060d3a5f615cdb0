package dev.turnout.llm.openai;

import java.net.URI;

/** Puts an operation behind a base URL. */
public final class BaseUrl {

  private static final String CHATS = "/chat/completions";

  private BaseUrl() {}

  /**
   * The URL of an operation: its path comes behind the base's path and before its query string,
   * which e.g. Azure's {@code api-version} is.
   *
   * @param base with or without a final slash; also the whole URL of the chats
   * @param operation e.g. {@code chat/completions}
   */
  public static URI with(URI base, String operation) {
    String url = base.toString();
    int fragment = url.indexOf('#');
    url = fragment < 0 ? url : url.substring(0, fragment);
    int query = url.indexOf('?');
    String path = query < 0 ? url : url.substring(0, query);
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.endsWith(CHATS)) {
      path = path.substring(0, path.length() - CHATS.length());
    }
    return URI.create(path + "/" + operation + (query < 0 ? "" : url.substring(query)));
  }
}
