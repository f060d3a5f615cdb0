package dev.turnout.console.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.console.page.PageAction;
import dev.turnout.console.page.Visitor;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.KeyDirectory;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request before anything else does.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Reading needs no key on a loopback address</b>, and one that may read all tenants where
 *       other machines can reach the console.
 *   <li><b>Changing needs a key</b>, everywhere and always: with no key in the installation nobody
 *       may. A key counts as long as it is valid, which is looked at in every request.
 *   <li><b>A page of somebody else cannot use a visitor's browser</b>: on a loopback address only
 *       loopback names are answered, so that a foreign name that resolves to this machine reads
 *       nothing; the cookie is sent by the console's own pages alone, and a change must say that it
 *       comes from one of them, unless it brings its key itself.
 *   <li><b>A page runs nothing but the console's own scripts</b> and loads nothing from elsewhere,
 *       by its content security policy.
 * </ul>
 *
 * <p>The cookie is a random number; the secret it stands for stays in memory here, and is forgotten
 * after a working day without use.
 */
public final class ConsoleDoor {
  static final String COOKIE = "turnout-console";
  private static final String VISITOR = "turnout.console.visitor";
  private static final int COOKIE_BYTES = 24;
  private static final long MOST_SIGNED_IN = 1_000;
  private static final Duration UNUSED = Duration.ofHours(10);

  /** Nothing but the console's own files. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "::1");

  private final KeyDirectory keys;
  private final boolean loopback;
  private final SecureRandom random = new SecureRandom();
  private final Cache<String, String> secrets =
      Caffeine.newBuilder().maximumSize(MOST_SIGNED_IN).expireAfterAccess(UNUSED).build();

  /**
   * @param loopback whether nobody but this machine can reach the console
   */
  public ConsoleDoor(KeyDirectory keys, boolean loopback) {
    this.keys = keys;
    this.loopback = loopback;
  }

  /**
   * Lets a request in as its visitor.
   *
   * @throws RefusedVisitException with 403 for a foreign host name
   */
  public void enter(Context context) {
    context.header("Content-Security-Policy", POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cache-Control", "no-store");
    String host = hostName(context.host());
    if (loopback && !LOOPBACK_NAMES.contains(host) && !host.endsWith(".localhost")) {
      throw new RefusedVisitException(
          403,
          "The console answers to localhost here, not to \""
              + host
              + "\". Set console.host for a console that others may reach.");
    }
    context.attribute(VISITOR, visitor(context));
  }

  private Visitor visitor(Context context) {
    Optional<Caller> presented = keys.presentedBy(context);
    if (presented.isPresent()) {
      return new Visitor(presented.get());
    }
    String cookie = context.cookie(COOKIE);
    String secret = cookie == null ? null : secrets.getIfPresent(cookie);
    return secret == null ? Visitor.ANYBODY : new Visitor(keys.find(secret).orElse(null));
  }

  /** Who asks, once {@link #enter} has looked. */
  public Visitor visitorOf(Context context) {
    Visitor visitor = context.attribute(VISITOR);
    return visitor == null ? Visitor.ANYBODY : visitor;
  }

  /**
   * Comes before whatever shows traffic.
   *
   * @throws RefusedVisitException with 401 or 403 if this visitor may not read
   */
  public void requireReader(Context context) {
    Visitor visitor = visitorOf(context);
    if (loopback || visitor.mayReadAll()) {
      return;
    }
    throw visitor.key().isPresent()
        ? new RefusedVisitException(
            403, "This key may not read all tenants' traffic: turnout keys create --read '*'.")
        : new RefusedVisitException(
            401, "Other machines can reach this console, so that reading it needs a key.");
  }

  /**
   * Comes before whatever changes something.
   *
   * @throws RefusedVisitException with 401 or 403 if this visitor may not, or the request comes
   *     from a page of somebody else
   */
  public void requireRight(Context context, PageAction action) {
    requireOwnPage(context);
    if (keys.isEmpty()) {
      throw new RefusedVisitException(
          401,
          "There is no key yet, and nothing is changed without one: turnout keys create --may"
              + " administer.");
    }
    boolean allowed = visitorOf(context).rights().filter(action.allowed()).isPresent();
    if (!allowed) {
      throw visitorOf(context).key().isPresent()
          ? new RefusedVisitException(403, "This key may not " + action.right() + ".")
          : new RefusedVisitException(
              401, "Sign in with a key that may " + action.right() + ", then try again.");
    }
  }

  private void requireOwnPage(Context context) {
    boolean bringsKey = keys.presentedBy(context).isPresent();
    String site = context.header("Sec-Fetch-Site");
    boolean own =
        site != null
            ? site.equals("same-origin") || site.equals("none")
            : sameHost(context.header("Origin"), context.host());
    if (!bringsKey && !own) {
      throw new RefusedVisitException(403, "This request comes from a page of another site.");
    }
  }

  private static boolean sameHost(@Nullable String origin, @Nullable String host) {
    if (origin == null || host == null) {
      return false;
    }
    try {
      return host.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException broken) {
      return false;
    }
  }

  /**
   * Lets a browser in with a key from here on.
   *
   * @param secret as the visitor typed it
   * @throws RefusedVisitException with 401 if nobody stands behind it
   */
  public void signIn(Context context, String secret) {
    requireOwnPage(context);
    if (keys.find(secret).isEmpty()) {
      throw new RefusedVisitException(
          401, "No valid key has this secret. turnout keys list shows those that there are.");
    }
    byte[] number = new byte[COOKIE_BYTES];
    random.nextBytes(number);
    String name = HexFormat.of().formatHex(number);
    secrets.put(name, secret);
    Cookie cookie = new Cookie(COOKIE, name);
    cookie.setPath("/");
    cookie.setHttpOnly(true);
    cookie.setSameSite(SameSite.STRICT);
    cookie.setSecure("https".equals(context.header("X-Forwarded-Proto")));
    context.cookie(cookie);
  }

  /** Forgets the key of a browser. */
  public void signOut(Context context) {
    requireOwnPage(context);
    String cookie = context.cookie(COOKIE);
    if (cookie != null) {
      secrets.invalidate(cookie);
    }
    context.removeCookie(COOKIE, "/");
  }

  private static String hostName(@Nullable String host) {
    if (host == null) {
      return "";
    }
    String name =
        host.startsWith("[") ? host.replaceFirst("].*$", "") : host.replaceFirst(":.*$", "");
    return name.replace("[", "").toLowerCase(Locale.ROOT);
  }
}
