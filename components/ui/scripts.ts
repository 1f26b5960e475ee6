'use client'
import { createContext } from 'react'

/** False in the answer to a browser that is known to run no scripts: what a script would bring later must be in it. */
export const ScriptsContext = createContext(true)
