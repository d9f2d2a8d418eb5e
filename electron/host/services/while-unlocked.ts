/** The calls of a group for somebody who is signed in and at the keyboard. @throws what `requireUnlocked` throws, at each call */
export function whileUnlocked<Group extends object>(group: Group, requireUnlocked: () => void): Group {
  const guarded = Object.entries(group).map(([name, call]) => [
    name,
    (input: never) => {
      requireUnlocked()
      return (call as (input: never) => unknown)(input)
    },
  ])
  return Object.fromEntries(guarded) as Group
}
