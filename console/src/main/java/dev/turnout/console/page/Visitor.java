package dev.turnout.console.page;

import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.Rights;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at the console.
 *
 * @param caller whose key it is; null without one, which leaves reading
 */
public record Visitor(@Nullable Caller caller) {

  /** Somebody without a key. */
  public static final Visitor ANYBODY = new Visitor(null);

  /** Id of the key, if there is one. */
  public Optional<String> key() {
    return Optional.ofNullable(caller).map(Caller::key);
  }

  /** Who pays for what the key asks; empty without one. */
  public String tenant() {
    return caller == null ? "" : caller.tenant();
  }

  /** Rights of the key; none without one. */
  public Optional<Rights> rights() {
    return Optional.ofNullable(caller).map(Caller::rights);
  }

  /** Whether what serves may be changed. */
  public boolean mayAdminister() {
    return rights().filter(Rights::administer).isPresent();
  }

  /** Whether all tenants' traffic may be read. */
  public boolean mayReadAll() {
    return rights().filter(each -> each.administer() || each.mayRead(Rights.ANY)).isPresent();
  }
}
