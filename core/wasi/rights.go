package wasi

// rights is a set of what may be done with a descriptor.
//
// They are kept as they were asked for, within what the type of file supports,
// and reported; fd_fdstat_set_rights can take some away and give none back. Few
// have an effect: rightRead and rightWrite are the access mode, and without
// rightPathSetSize there is no O_TRUNC, but only if it was taken away: programs
// are sloppy in what they ask for on directories.
type rights uint64

const (
	rightDatasync rights = 1 << iota
	rightRead
	rightSeek
	rightSetFlags
	rightSync
	rightTell
	rightWrite
	rightAdvise
	rightAllocate
	rightCreateDirectory
	rightCreateFile
	rightLinkSource
	rightLinkTarget
	rightOpen
	rightReaddir
	rightReadlink
	rightRenameSource
	rightRenameTarget
	rightPathStat
	rightPathSetSize
	rightPathSetTimes
	rightStat
	rightSetSize
	rightSetTimes
	rightSymlink
	rightRemoveDirectory
	rightUnlink
	rightPoll
	rightSockShutdown
	rightSockAccept
)

const (
	streamRights = rightRead | rightWrite | rightSetFlags | rightStat | rightPoll

	fileRights = streamRights | rightDatasync | rightSeek | rightSync | rightTell | rightAdvise |
		rightAllocate | rightSetSize | rightSetTimes

	dirRights = rightSetFlags | rightSync | rightAdvise | rightCreateDirectory | rightCreateFile |
		rightLinkSource | rightLinkTarget | rightOpen | rightReaddir | rightReadlink | rightRenameSource |
		rightRenameTarget | rightPathStat | rightPathSetSize | rightPathSetTimes | rightStat |
		rightSetTimes | rightSymlink | rightRemoveDirectory | rightUnlink | rightPoll

	// What may be asked for below a directory.
	inheritRights = dirRights | fileRights
)
